import { EXIT_CODES } from "../../errors.ts";
import { defineCommand } from "../command.ts";
import { carryOut, REPOSITORY_ACTIONS } from "./repository-actions.ts";

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional("action", {
        choices: REPOSITORY_ACTIONS,
        default: "list" as const,
      })
      .positional("repository", { type: "string", description: "Its name; for add, where its index is will do" })
      .positional("url", { type: "string", description: "Where its index is: an address, or a reference" })
      .option("name", { type: "string", requiresArg: true, description: "For add: what to call it" })
      .option("key", {
        type: "string",
        array: true,
        default: [],
        description: "For add: a minisign public key; may be repeated",
      })
      .option("threshold", {
        type: "number",
        requiresArg: true,
        description: "For add: how many of the keys have to sign",
      })
      .option("accept-keys", {
        type: "string",
        array: true,
        default: [],
        description: "For trust: its new keys, all of them",
      })
      .example("$0 repo", "Every repository, its keys and the age of its index")
      .example("$0 repo add ghcr.io/me/index", "One in a registry: its keys are shown and pinned")
      .example("$0 repo add tools https://example.org/index.json.zst --key RWQ…", "One more, with its key")
      .example("$0 repo trust tools", "Which keys are pinned")
      .example("$0 repo trust tools --accept-keys RWQ…", "Others from now on, as the publisher tells them")
      .example("$0 repo disable pkgcache", "Keep it, but do not use it"),
  run: async (context, args) => {
    const { outcome, lines } = await carryOut(context, args);
    context.report.result(outcome, () => lines);
    return EXIT_CODES.done;
  },
});
