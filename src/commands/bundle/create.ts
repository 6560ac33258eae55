import { createBundle } from "../../bundles/create-bundle.ts";
import { bundlePlatforms } from "../../bundles/platforms.ts";
import { publicKeyText } from "../../keys/read-public-key.ts";
import { changing } from "../changing.ts";
import { ALLOW_STALE, defineCommand, finishWith, waiversOf } from "../command.ts";
import { bundleLines, bundleTotals } from "./lines.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", {
        type: "string",
        array: true,
        default: [],
        description: "Names as [family/]name[#id][@version][:repository], or references",
      })
      .option("output", {
        alias: "o",
        type: "string",
        demandOption: true,
        requiresArg: true,
        value: "file",
        description: "A file that ends in .tar, or a new directory",
      })
      .option("lock", {
        type: "string",
        requiresArg: true,
        value: "file",
        description: "Exactly what this packages.lock says, for its platforms; for `pkg apply --locked --from` there",
      })
      .option("platform", {
        type: "string",
        array: true,
        nargs: 1,
        requiresArg: true,
        default: [],
        description:
          "A machine that it is for, such as linux/arm64; may be repeated; default: those that are locked, or one like this",
      })
      .option("force", { type: "boolean", default: false, description: "Overwrite the file" })
      .option("key", {
        type: "string",
        requiresArg: true,
        description: "The publisher's minisign public key or its file, for references",
      })
      .options(ALLOW_STALE)
      .example("$0 bundle create trurl tool -o air-gap.tar", "For machines like this one")
      .example("$0 bundle create trurl --platform linux/arm64 -o arm64.tar", "For machines of another kind")
      .example("$0 bundle create ghcr.io/me/tools/trurl:8.14.1 -o air-gap", "By its reference, into a directory")
      .example("$0 bundle create --lock packages.lock -o project.tar", "What a project has locked")
      .epilogue("There, `pkg install --from air-gap.tar` installs it, without any network."),
  dryRun: true,
  run: async (context, args) => {
    const { dryRun } = context;
    const request = {
      specs: args.packages,
      lock: args.lock ?? null,
      platforms: bundlePlatforms(args.platform),
      output: args.output,
      directory: context.workingDirectory,
      force: args.force,
      dryRun,
      skip: waiversOf(args),
      key: args.key === undefined ? null : publicKeyText(args.key, "--key", context.workingDirectory),
    };
    // What is pinned by an index that is seen for the first time is pinned in a copy.
    const { outcome, errors } = await changing(context, [], ({ trust }) =>
      createBundle({ ...context, trust }, request),
    );
    context.report.result(outcome, () => bundleLines(outcome, context.report.style));
    return finishWith(context, errors, bundleTotals(outcome));
  },
});
