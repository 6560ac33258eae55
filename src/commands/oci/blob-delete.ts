import { EXIT_CODES } from "../../errors.ts";
import { deleteBlob } from "../../oci-tools/blob.ts";
import { defineCommand } from "../command.ts";
import { REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", REFERENCE)
      .example("$0 oci blob delete 127.0.0.1:5000/a/b@sha256:…", "One blob"),
  run: async (context, args) => {
    const outcome = await deleteBlob(context, args.reference);
    context.report.result(outcome, () => [`Deleted blob ${outcome.digest}`]);
    return EXIT_CODES.done;
  },
});
