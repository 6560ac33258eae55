import { formatAgo, grouped } from "../../base/age.ts";
import type { BundledRepository } from "../../bundles/add-bundle.ts";
import { columns } from "../../report/columns.ts";
import type { Style } from "../../report/style.ts";
import { formatAge, formatCount } from "../../report/units.ts";
import type { AddedRepository } from "../../repositories/add-repository.ts";
import { elsewhereNotice } from "../../repositories/identity-address.ts";
import type { KeySummary } from "../../repositories/index-summary.ts";
import type { RepositoryChange, RepositorySummary } from "../../repositories/repositories.ts";
import type { FormulaTrust, TrustOutcome } from "../../repositories/repository-trust.ts";
import type { Pinning } from "../../verify/trust-request.ts";

/** Each repository and the state of its index, no wider than a terminal of 80 columns but for long addresses. */
export function repositoryLines(items: readonly RepositorySummary[], now: number, style: Style): readonly string[] {
  const heads = columns(items.map((item) => headCells(item, now, style)));
  return items.flatMap((item, position) => [
    heads[position] ?? "",
    `  ${[keysText(item), ...(item.trust === null ? [] : [`serial ${item.trust.serial}`])].join(", ")}`,
    `  ${item.url}`,
    ...(item.whyDisabled === null ? [] : [`  ${item.whyDisabled}`]),
    ...(item.failure === null || !item.enabled ? [] : [style.yellow(failureLine(item.failure, now))]),
  ]);
}

function failureLine({ failedAt, error }: NonNullable<RepositorySummary["failure"]>, now: number): string {
  return `  could not be fetched ${formatAgo(now - Date.parse(failedAt))}: ${error.message}`;
}

function headCells(item: RepositorySummary, now: number, style: Style): readonly string[] {
  const packages = item.packageCount === null ? "never synced" : formatCount(item.packageCount, "package");
  const { trust, syncedAt } = item;
  return [
    style.bold(item.name),
    item.enabled ? packages : "disabled",
    syncedAt === null ? "" : formatAge(now - Date.parse(syncedAt)),
    trust === null ? "" : trust.expired ? style.red(`expired ${trust.expiresAt}`) : `expires ${trust.expiresAt}`,
  ];
}

function keysText({ keys: all, trust }: RepositorySummary): string {
  const keys = all.map(({ keyId }) => keyId);
  if (keys.length === 0) return "no key";
  if (keys.length > 2) return `${trust?.threshold ?? 1} of ${keys.length} keys`;
  return trust !== null && keys.length > 1 ? `${trust.threshold} of ${keys.join(", ")}` : `key ${keys.join(", ")}`;
}

const PINNINGS: Readonly<Record<Pinning, string>> = {
  kept: "as pinned before",
  "first use": "pinned on first use",
  given: "signed by the keys you gave, and pinned",
  rotated: "signed by those pinned before",
  accepted: "as you accept them",
};

/** What a person should know about a repository, a line each. */
export function repositoryNotices({ name, notice, trust, enabled }: RepositorySummary): readonly string[] {
  if (!enabled) return [];
  return [...(notice === null ? [] : [notice]), ...elsewhereLines(name, trust)];
}

function elsewhereLines(
  name: string,
  trust: { readonly identity: string; readonly url: string; readonly elsewhere: boolean } | null,
): readonly string[] {
  return trust?.elsewhere === true ? [elsewhereNotice(name, trust.identity, trust.url)] : [];
}

/** With --dry-run, what would be. */
type Told<T> = T & { readonly dryRun: boolean };

/** The same for one that is read from a bundle. */
export function bundledLines(added: Told<BundledRepository>, style: Style): readonly string[] {
  const gone = `What the bundle does not have is fetched from ${added.url}, if there is a network`;
  return [...addedLines(added, style), `${added.dryRun ? "To be read" : "Read"} from the bundle ${added.bundle}`, gone];
}

/** What was added, and which keys it is trusted by. */
export function addedLines(added: Told<AddedRepository>, style: Style): readonly string[] {
  const { name, configFile, packageCount, trust, notice } = added;
  const head = `${added.dryRun ? "would add" : "added"} ${style.bold(name)} in ${configFile}`;
  if (packageCount === null) return [head, "Its index is fetched, and its keys are pinned, by the next `pkg sync`"];
  const orphans = orphanLines(added);
  if (trust === null) {
    return [
      `${head}: ${formatCount(packageCount, "package")}`,
      ...(notice === null ? [] : [style.yellow(notice)]),
      ...orphans,
    ];
  }
  return [
    head,
    ...factLines([
      ["index", `${trust.identity}, serial ${trust.serial}`],
      ["address", trust.url],
      ["packages", `${grouped(packageCount)} for this machine`],
      ["expires", trust.expiresAt],
      ["signed by", `${trust.threshold} of ${trust.keys.length}, ${PINNINGS[trust.pinning]}`],
      ...trust.keys.map(keyFact),
    ]),
    ...(trust.pinning === "first use"
      ? ["Compare the keys with those that the publisher announces; `pkg repo remove` forgets them"]
      : []),
    ...elsewhereLines(name, trust).map(style.yellow),
    ...orphans,
  ];
}

function orphanLines({ name, orphans }: AddedRepository): readonly string[] {
  return [...Map.groupBy(orphans, ({ owner }) => owner)].map(
    ([owner, items]) =>
      `What was installed from ${owner} is not ${name}'s own, and stays as it is: ${items.map((item) => item.name).join(", ")}`,
  );
}

const DONE: Readonly<Record<RepositoryChange["action"], string>> = {
  remove: "removed",
  enable: "enabled",
  disable: "disabled",
};

/** What happened to a repository, and to the keys that were pinned for it. */
export function repositoryChangeLines(outcome: Told<RepositoryChange>): readonly string[] {
  const { name, action, configFile, orphans, dryRun } = outcome;
  const count = formatCount(orphans.length, "package");
  const left =
    orphans.length === 0
      ? []
      : [
          `Nothing ${dryRun ? "would update" : "updates"} the ${count} installed from it any more: ${orphans.map((item) => item.name).join(", ")}`,
        ];
  return [`${dryRun ? `would ${action}` : DONE[action]} ${name} in ${configFile}`, ...forgottenLines(outcome), ...left];
}

function forgottenLines({ forgotten, dryRun }: Told<RepositoryChange>): readonly string[] {
  if (forgotten === null) return [];
  const keys = forgotten.keys.map(({ keyId }) => keyId).join(", ");
  return [
    `Its keys ${dryRun ? "would be" : "are"} forgotten (${keys}): added again, it is trusted by whatever keys it then has`,
  ];
}

/** Which keys of a repository are pinned. */
export function trustLines({ name, pinned, unsigned, formulae }: TrustOutcome, style: Style): readonly string[] {
  if (formulae !== null) return formulaLines(name, formulae, style);
  if (unsigned !== null) return [`${name}: nothing is pinned`, style.yellow(unsigned)];
  if (pinned === null) return [`${name}: nothing is pinned; its index names no keys, or was never synced`];
  return [
    style.bold(name),
    ...factLines([
      ["index", `${pinned.identity}, serial ${pinned.serial}`],
      ["address", pinned.url],
      ["expires", pinned.expiresAt],
      ["signed by", `${pinned.threshold} of ${pinned.keys.length}, key set ${pinned.keySetVersion}`],
      ["pinned", `${pinned.pinnedAt}, ${pinned.givenKeys.length > 0 ? "by the keys in the config" : "on first use"}`],
      ...pinned.keys.map(keyFact),
    ]),
    ...elsewhereLines(name, pinned).map(style.yellow),
  ];
}

function formulaLines(name: string, formulae: FormulaTrust, style: Style): readonly string[] {
  const { url, keys, packageCount, mark, unchangedSince } = formulae;
  const accepted: readonly (readonly [string, string])[] =
    unchangedSince === null
      ? [["formulae", "none were accepted yet"]]
      : [
          ["formulae", `${grouped(packageCount ?? 0)}, first seen at ${unchangedSince}`],
          ["made from", mark ?? ""],
        ];
  const signed: readonly [string, string] = ["signed by", keys.length === 1 ? "this key" : "one of these keys"];
  return [style.bold(name), ...factLines([["address", url], ...accepted, signed, ...keys.map(keyFact)])];
}

function keyFact({ keyId, publicKey }: KeySummary): readonly [string, string] {
  return [`key ${keyId}`, publicKey];
}

function factLines(facts: readonly (readonly [string, string])[]): readonly string[] {
  return columns(facts.map(([label, value]) => [`  ${label}`, value]));
}
