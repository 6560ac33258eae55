import type { BundleOutcome } from "../../bundles/outcome.ts";
import { columns } from "../../report/columns.ts";
import type { Style } from "../../report/style.ts";
import { formatBytes, formatCount } from "../../report/units.ts";

/** What went into a bundle, or would. */
export function bundleLines(outcome: BundleOutcome, style: Style): readonly string[] {
  const { repositories, platforms, digest, target } = outcome;
  const packages = outcome.packages.flatMap((item) => ("error" in item ? [] : [item]));
  const isForSeveral = platforms.length > 1;
  const rows = packages.map(({ name, version, platform, isDependency, sizeBytes }) => [
    name,
    version,
    ...(isForSeveral ? [platform] : []),
    sizeBytes === null ? "" : formatBytes(sizeBytes),
    isDependency ? style.dim("dependency") : "",
  ]);
  const named = repositories.map(({ name, platform, signed, sizeBytes }) => [
    `index of ${name}`,
    ...(isForSeveral ? [platform] : []),
    formatBytes(sizeBytes),
    signed ? "signed" : "not signed",
  ]);
  const written = digest === null ? [] : [`Wrote ${target}, ${digest}`];
  return [...columns(rows), ...columns(named), ...written];
}

/** How much it is, in one line. */
export function bundleTotals({ packages, sizeBytes, digest, dryRun }: BundleOutcome): readonly string[] {
  const failed = packages.filter((item) => "error" in item).length;
  if (failed > 0) return [`Nothing was written, as ${formatCount(failed, "package")} cannot be had`];
  const what = `${formatCount(packages.length, "package")}, ${formatBytes(sizeBytes)}`;
  if (dryRun) return [`Would take ${what}`];
  return digest === null ? [] : [`Took ${what}`];
}
