import { entryState } from "../../inspect/entry-state.ts";
import type { InfoOutcome } from "../../inspect/info.ts";
import { linkedPrograms } from "../../inspect/inspect.ts";
import type { KnownPackage } from "../../inspect/known-packages.ts";
import { columns } from "../../report/columns.ts";
import type { Style } from "../../report/style.ts";
import { formatBytes, formatMoment } from "../../report/units.ts";
import { kegCaveats, kegFacts } from "./keg-lines.ts";

/** How it is shown. */
export interface InfoLook {
  readonly style: Style;
  /** Where bottles are poured. */
  readonly prefix: string;
}

/** Every package that a name may mean, then what is installed under it. */
export function infoLines(outcome: InfoOutcome, look: InfoLook): readonly string[] {
  const { style } = look;
  const packages = outcome.packages.flatMap((item) => ["", ...packageLines(item, look)]).slice(1);
  return [
    ...packages,
    ...(packages.length > 0 && outcome.installed !== null ? [""] : []),
    ...installedLines(outcome.installed, style),
  ];
}

function packageLines(
  { repository, indexSigned, entry, versions, image }: KnownPackage,
  { style, prefix }: InfoLook,
): readonly string[] {
  const facts: readonly (readonly [string, string])[] = [
    [
      "repository",
      indexSigned === false ? `${repository}, ${style.yellow("whose index is not signed")}` : (repository ?? ""),
    ],
    ["id", entry.id],
    ["type", entry.type],
    ["also called", entry.aliases.join(", ")],
    ["size", entry.sizeBytes === null ? "" : formatBytes(entry.sizeBytes)],
    ["provides", entry.provides.map((provide) => provide.links.join(", ")).join(", ")],
    ["starts", image === null ? "" : image.entrypoint.join(" ")],
    ["programs", image === null ? "" : programsCell(image)],
    ["homepage", entry.homepages.join(" ")],
    ["source", image === null ? "" : entry.sources.join(" ")],
    ["license", entry.licenses.join(", ")],
    ...kegFacts(entry.keg),
    ["versions", versions.length > 1 ? versions.join(", ") : ""],
    ["snapshots", entry.snapshots.map((snapshot) => snapshot.version).join(", ")],
    ["notes", entry.notes.join("; ")],
    ["from", entry.artifact.kind === "oci" ? entry.artifact.reference : entry.artifact.url],
    ["state", entryState(entry)],
  ];
  const caveats = kegCaveats(entry.keg, prefix);
  return [`${style.bold(entry.name)} ${entry.version}`, entry.description, ...factLines(facts), ...caveats];
}

const MOST_PROGRAMS = 20;

/** What `--program` takes. */
function programsCell({ programs, isComplete }: NonNullable<KnownPackage["image"]>): string {
  const shown = programs.slice(0, MOST_PROGRAMS).join(", ");
  const more = programs.length - MOST_PROGRAMS;
  if (more > 0) return `${shown} and ${isComplete ? more : `at least ${more}`} more`;
  return isComplete ? shown : `${shown}, perhaps more`;
}

function installedLines(installed: InfoOutcome["installed"], style: Style): readonly string[] {
  if (installed === null) return [style.dim("not installed")];
  return [
    `${style.green("installed")} ${installed.name} ${installed.version}`,
    ...factLines([
      ["type", installed.type],
      ["about", installed.image?.description ?? ""],
      ["license", installed.image?.license ?? ""],
      ["source", installed.image?.source ?? ""],
      ["since", formatMoment(installed.installedAt)],
      ["from", ownerCell(installed, style)],
      ["links", linkedPrograms(installed).join(", ")],
      ["checked", installed.checks.join(", ")],
      ["signed by", installed.signedBy ?? "nobody known"],
      ["signed as", installed.signedAs ?? ""],
      ["built by", installed.provenance?.identity ?? ""],
      ["unchecked", installed.skipped.length === 0 ? "" : style.yellow(installed.skipped.join(", "))],
    ]),
  ];
}

function ownerCell({ repository, orphaned, owner }: NonNullable<InfoOutcome["installed"]>, style: Style): string {
  if (owner === null) return "";
  const place = [repository ?? "", owner.identity ?? owner.url ?? ""].filter((text) => text !== "").join(", ");
  if (orphaned) return `${place}, ${style.yellow("orphaned: its repository was removed")}`;
  return owner.signed ? place : `${place}, ${style.yellow("whose index is not signed")}`;
}

function factLines(facts: readonly (readonly [string, string])[]): readonly string[] {
  return columns(facts.filter(([, value]) => value !== "").map(([label, value]) => [`  ${label}`, value]));
}
