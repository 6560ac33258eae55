import { formatBytes } from "../../base/format-bytes.ts";
import { type ChangedPackage, changes, type HeldPackage } from "../../inspect/changes.ts";
import { paragraphs } from "../../report/columns.ts";
import type { Style } from "../../report/style.ts";
import { heldWords } from "../../resolve/held-words.ts";
import { ALLOW_STALE, defineCommand, finishWith, waiversOf } from "../command.ts";
import { INSTALLED_PACKAGES } from "../installed-packages.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", INSTALLED_PACKAGES)
      .options(ALLOW_STALE)
      .example("$0 changes", "What `pkg update` would bring, from the indexes as they are"),
  dryRun: true,
  run: async (context, args) => {
    const asked = { texts: args.packages, directory: context.workingDirectory };
    const { outcome, errors } = await changes(context, asked, waiversOf(args));
    const { style } = context.report;
    const nothing = (await context.records()).installations.isEmpty() ? "Nothing is installed" : NOTHING;
    context.report.result(
      outcome,
      () => paragraphs(outcome.packages.map((item) => ("error" in item ? [] : lines(item, style)))),
      outcome.packages.length === 0 && errors.length === 0 ? nothing : undefined,
    );
    return finishWith(context, errors);
  },
});

const NOTHING = "An update would change nothing";

function lines(item: ChangedPackage | HeldPackage, style: Style): readonly string[] {
  if ("state" in item) return [heldWords(item)];
  const { name, version, availableVersion, repository } = item;
  const rebuilt = version === availableVersion ? " (rebuilt)" : "";
  const place = repository === null ? "" : style.dim(`  ${repository}`);
  const download = item.downloadBytes === null ? "" : `, ${formatBytes(item.downloadBytes)} to download`;
  return [
    `${style.bold(name)} ${version} → ${availableVersion}${rebuilt}${place}`,
    `  size: ${formatBytes(item.sizeBytes)} on disk now${download}`,
    ...listed("needs also", item.addedDependencies),
    ...listed("does not need any more", item.removedDependencies),
    ...licenseLine(item),
    ...listed("homepage", item.homepages),
    ...listed("source", item.sources),
    ...item.notes.map((note) => `  note: ${note}`),
  ];
}

function listed(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`  ${title}: ${items.join(", ")}`];
}

function licenseLine({ previousLicenses, licenses }: ChangedPackage): readonly string[] {
  if (previousLicenses === null || previousLicenses.join() === licenses.join()) return [];
  const said = (names: readonly string[]) => (names.length === 0 ? "none" : names.join(", "));
  return [`  license: ${said(previousLicenses)} → ${said(licenses)}`];
}
