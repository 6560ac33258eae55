import { EXIT_CODES } from "../../errors.ts";
import { type InspectedManifest, inspectManifest } from "../../oci-tools/manifest.ts";
import { columns } from "../../report/columns.ts";
import { formatBytes } from "../../report/units.ts";
import { defineCommand } from "../command.ts";
import { REFERENCE, SHORT_DIGEST_CHARACTERS } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("reference", REFERENCE)
      .example("$0 oci manifest inspect ghcr.io/owner/name:tag", "Type, files, sizes, platforms, annotations"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await inspectManifest(context, args.reference);
    context.report.result(outcome, () => lines(outcome));
    return EXIT_CODES.done;
  },
});

function lines(outcome: InspectedManifest): readonly string[] {
  const { digest, mediaType, artifactType, subject, annotations, config, layers, manifests } = outcome;
  const head = columns([
    ["digest", digest],
    ["type", mediaType],
    ...(artifactType === null ? [] : [["artifact type", artifactType]]),
    ...(subject === null ? [] : [["refers to", subject.digest]]),
    ...(config === null ? [] : [["config", `${config.mediaType} ${formatBytes(config.sizeBytes)}`]]),
    ...Object.entries(annotations).map(([key, value]) => ["annotation", `${key}=${value}`]),
  ]);
  const rows = [...layers, ...manifests].map((item) => [
    item.title ?? item.platform ?? "",
    formatBytes(item.sizeBytes),
    item.digest.slice(0, SHORT_DIGEST_CHARACTERS),
    item.mediaType,
  ]);
  return rows.length === 0 ? head : [...head, "", ...columns(rows)];
}
