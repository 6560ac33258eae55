import { EXIT_CODES } from "../../errors.ts";
import { deleteManifest } from "../../oci-tools/manifest.ts";
import { defineCommand } from "../command.ts";
import { would } from "../would.ts";
import { REFERENCE } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", REFERENCE)
      .example("$0 oci manifest delete 127.0.0.1:5000/a/b:old", "The tag alone; the manifest stays")
      .example("$0 oci manifest delete 127.0.0.1:5000/a/b@sha256:…", "The manifest and every tag of it"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await deleteManifest(context, args.reference);
    const { dryRun } = context;
    context.report.result({ ...outcome, dryRun }, () => [
      `${would(dryRun, "Deleted", "delete")} ${outcome.kind} ${outcome.key}`,
    ]);
    return EXIT_CODES.done;
  },
});
