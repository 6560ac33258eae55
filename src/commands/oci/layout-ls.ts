import { EXIT_CODES } from "../../errors.ts";
import { listOciLayout } from "../../oci-tools/layout.ts";
import { columns } from "../../report/columns.ts";
import { formatBytes } from "../../report/units.ts";
import { defineCommand } from "../command.ts";
import { LAYOUT, SHORT_DIGEST_CHARACTERS } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration.positional("directory", LAYOUT).example("$0 oci layout ls images", "Tags, digests, sizes"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await listOciLayout(context, args.directory);
    context.report.result(
      outcome,
      () =>
        columns(
          outcome.manifests.map(({ tags, digest, sizeBytes, artifactType, mediaType }) => [
            tags.length === 0 ? "(untagged)" : tags.join(", "),
            digest.slice(0, SHORT_DIGEST_CHARACTERS),
            formatBytes(sizeBytes),
            artifactType ?? mediaType,
          ]),
        ),
      "The layout holds no manifests",
    );
    return EXIT_CODES.done;
  },
});
