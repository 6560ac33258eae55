import { EXIT_CODES } from "../../errors.ts";
import { deleteBlob } from "../../oci-tools/blob.ts";
import { defineCommand } from "../command.ts";
import { would } from "../would.ts";
import { REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", REFERENCE)
      .example("$0 oci blob delete 127.0.0.1:5000/a/b@sha256:…", "One blob"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await deleteBlob(context, args.reference);
    const { dryRun } = context;
    context.report.result({ ...outcome, dryRun }, () => [
      `${would(dryRun, "Deleted", "delete")} blob ${outcome.digest}`,
    ]);
    return EXIT_CODES.done;
  },
});
