import { EXIT_CODES } from "../../errors.ts";
import { refuseExisting, writePublishFile } from "../../publish/write-publish-file.ts";
import { defineCommand } from "../command.ts";
import { completePublication } from "./init-questions.ts";
import { PUBLICATION_OPTIONS, typedPublication } from "./publication-options.ts";

const DEFAULT_MANIFEST = "pkg.json";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", { type: "string", description: "Where to publish it: ghcr.io/me/tools/trurl" })
      .options(PUBLICATION_OPTIONS)
      .option("manifest", {
        type: "string",
        requiresArg: true,
        default: DEFAULT_MANIFEST,
        description: "The file to write",
      })
      .option("force", { type: "boolean", default: false, description: "Overwrite an existing file" })
      .example("$0 init", "Asks, and suggests what it finds here")
      .example("$0 init ghcr.io/me/tools/trurl --version 8.14.1 --file dist/trurl --yes", "Asks nothing"),
  dryRun: true,
  run: async (context, args) => {
    const { manifest, force } = args;
    const directory = context.workingDirectory;
    refuseExisting({ manifest, directory, force });
    const typed = await completePublication(context, typedPublication(args), manifest);
    if (typed === null) {
      context.report.say(["Nothing was written"]);
      return EXIT_CODES.failed;
    }
    const { dryRun } = context;
    const outcome = await writePublishFile(context.config, { typed, manifest, directory, force, dryRun });
    if (dryRun) {
      const text = JSON.stringify(outcome.content, null, 2).split("\n");
      context.report.result({ ...outcome, dryRun }, () => [`Would write ${manifest}:`, ...text]);
      return EXIT_CODES.done;
    }
    context.report.result({ ...outcome, dryRun }, () => [
      `Wrote ${manifest}`,
      ...(outcome.hasKey ? [] : ["Make a key to sign with: pkg key generate"]),
      `Publish it with: pkg publish${manifest === DEFAULT_MANIFEST ? "" : ` --manifest ${manifest}`}`,
    ]);
    return EXIT_CODES.done;
  },
});
