import { EXIT_CODES } from "../../errors.ts";
import { type KeySummary, listKeys, showKey } from "../../keys/keys.ts";
import { columns } from "../../report/columns.ts";
import { defineCommand, finishWith } from "../command.ts";
import { keyLines } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("name", { type: "string", description: "The key's name; without one all are listed" })
      .example("$0 key show", "Every key, and its public key")
      .example("$0 key show default --json", "One of them"),
  dryRun: true,
  run: async (context, args) => {
    if (args.name !== undefined) {
      const outcome = showKey(context.config, args.name);
      context.report.result({ keys: [outcome] }, () => [
        ...keyLines(outcome),
        ...(outcome.locked ? [] : ["It is not locked"]),
      ]);
      return EXIT_CODES.done;
    }
    const { outcome, errors } = listKeys(context.config);
    context.report.result(
      outcome,
      () => columns(outcome.keys.map(row)),
      "There are no keys; `pkg key generate` makes one",
    );
    return finishWith(context, errors);
  },
});

function row({ name, keyId, publicKey, locked }: KeySummary): readonly string[] {
  return [name, keyId ?? "", locked ? "locked" : "not locked", publicKey ?? ""];
}
