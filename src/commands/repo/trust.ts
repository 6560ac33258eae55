import { EXIT_CODES } from "../../errors.ts";
import { publicKeyText } from "../../keys/read-public-key.ts";
import { acceptKeys, showTrust } from "../../repositories/repository-trust.ts";
import { changing } from "../changing.ts";
import { defineCommand } from "../command.ts";
import { trustLines } from "./lines.ts";
import { NAME } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("repository", NAME)
      .option("accept-keys", {
        type: "string",
        array: true,
        requiresArg: true,
        default: [] as readonly string[],
        description: "All of its new keys; the index is fetched, and must name exactly these",
      })
      .example("$0 repo trust tools", "Which keys are pinned")
      .example("$0 repo trust tools --accept-keys RWQ…", "Other keys from now on, as the publisher announces them"),
  dryRun: true,
  run: async (context, { repository, "accept-keys": keys }) => {
    const accepted = keys.map((key) => publicKeyText(key, "--accept-keys", context.workingDirectory));
    const outcome = await (accepted.length > 0
      ? changing(context, [repository], (there) => acceptKeys(there, repository, accepted))
      : showTrust(context, repository));
    const { dryRun } = context;
    context.report.result({ ...outcome, dryRun }, () => [
      ...(dryRun && accepted.length > 0 ? ["Would pin these keys from now on:"] : []),
      ...trustLines(outcome, context.report.style),
    ]);
    return EXIT_CODES.done;
  },
});
