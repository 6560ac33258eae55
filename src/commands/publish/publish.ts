import { EXIT_CODES } from "../../errors.ts";
import { publish } from "../../publish/publish.ts";
import { defineCommand } from "../command.ts";
import { excludes } from "../option-rules.ts";
import { PASSPHRASE_RULES, SIGN_OPTION, SIGNING_OPTIONS, signersRequest } from "../signing-options.ts";
import { PUBLICATION_OPTIONS, typedPublication } from "./publication-options.ts";
import { publishedLines } from "./published-lines.ts";

const ATTACHED = { type: "string", array: true, nargs: 1, default: [] as readonly string[] } as const;

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", {
        type: "string",
        description: "Where to: ghcr.io/me/tools/trurl, also with the version as its tag; or a version",
      })
      .options(PUBLICATION_OPTIONS)
      .option("manifest", {
        type: "string",
        requiresArg: true,
        description: "A pkg.json that supplies what is not typed",
      })
      .option("rolling", {
        type: "boolean",
        default: true,
        description: "--no-rolling: leave 8.14, 8 and latest alone",
      })
      .option("force", { type: "boolean", default: false, description: "Replace a version that has other content" })
      .option("mount-from", {
        type: "string",
        requiresArg: true,
        description: "A package in the same registry that may hold the blobs, e.g. ghcr.io/me/tools/trurl",
      })
      .options(SIGNING_OPTIONS)
      .options(SIGN_OPTION)
      .option("sbom", { ...ATTACHED, description: "FILE[@os/arch], SPDX or CycloneDX, to attach; may be repeated" })
      .option("attest", { ...ATTACHED, description: "A Sigstore bundle to attach; may be repeated" })
      .example("$0 publish", "What pkg.json says; `pkg init` writes it")
      .example("$0 publish ghcr.io/me/trurl --version 8.14.1 --file dist/trurl@linux/amd64", "Without a pkg.json")
      .example("$0 publish --dry-run", "Show every digest, and send nothing"),
  rules: [...PASSPHRASE_RULES, excludes("no-sign", ["key", "passphrase-fd"], "nothing is signed with --no-sign")],
  dryRun: true,
  run: async (context, args) => {
    const outcome = await publish(context, {
      typed: typedPublication(args),
      manifest: args.manifest ?? null,
      directory: context.workingDirectory,
      signing: args.sign ? signersRequest(context, args) : null,
      rolling: args.rolling,
      force: args.force,
      mountFrom: args["mount-from"] ?? null,
      sboms: args.sbom,
      bundles: args.attest,
      dryRun: context.dryRun,
    });
    context.report.result(outcome, () => publishedLines(outcome, context.report.style));
    return EXIT_CODES.done;
  },
});
