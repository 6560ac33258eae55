import { EXIT_CODES } from "../../errors.ts";
import { publicKeyText } from "../../keys/read-public-key.ts";
import { ownProgram } from "../../self/own-program.ts";
import { type SelfUpdateOutcome, updateSelf } from "../../self/update.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .option("from", {
        type: "string",
        requiresArg: true,
        value: "reference",
        description: "Its package, REGISTRY/NAME[:TAG|@DIGEST]; default: `from` in the table [self] of config.toml",
      })
      .option("key", {
        type: "string",
        requiresArg: true,
        description: "The publisher's minisign public key or its file; default: `key` in that table",
      })
      .option("check", { type: "boolean", default: false, description: "Only say whether there is a newer version" })
      .option("force", {
        type: "boolean",
        default: false,
        description: "Also take a lower version, or the same one again",
      })
      .example("$0 self update", "The newest version takes the place of the program, which is kept")
      .example("$0 self update --check", "Whether there is one"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await updateSelf(context, {
      program: ownProgram(),
      version: context.version,
      from: args.from ?? null,
      key: args.key === undefined ? null : publicKeyText(args.key, "--key", context.workingDirectory),
      force: args.force,
      dryRun: context.dryRun || args.check,
      directory: context.workingDirectory,
    });
    context.report.result(outcome, () => [line(outcome)]);
    return EXIT_CODES.done;
  },
});

function line({ action, dryRun, path, previousVersion, version, reference }: SelfUpdateOutcome): string {
  if (action === "keep") return `pkg ${version} is the newest in ${reference}`;
  if (dryRun) return `would ${action} pkg ${previousVersion} to ${version} from ${reference}`;
  return `${path}: pkg ${previousVersion} → ${version}; \`pkg self rollback\` takes it back`;
}
