import { EXIT_CODES } from "../../errors.ts";
import { pushBlobFile } from "../../oci-tools/blob.ts";
import { defineCommand } from "../command.ts";
import { digestLine, REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", REFERENCE)
      .positional("file", { type: "string", demandOption: true, description: "A file; - for standard input" })
      .example("$0 oci blob push 127.0.0.1:5000/a/b file.bin", "Prints the digest of the blob"),
  dryRun: true,
  run: async (context, args) => {
    const content = args.file === "-" ? context.stdin : args.file;
    const outcome = await pushBlobFile(context, { reference: args.reference, content });
    const { dryRun } = context;
    context.report.result({ ...outcome, dryRun }, () => digestLine(outcome, dryRun));
    return EXIT_CODES.done;
  },
});
