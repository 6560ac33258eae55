import { columns } from "../../report/columns.ts";
import type { Style } from "../../report/style.ts";
import type { AddedRepository } from "../../repositories/add-repository.ts";
import type { RepositoryChange, RepositorySummary } from "../../repositories/repositories.ts";
import type { TrustOutcome } from "../../repositories/repository-trust.ts";
import type { Pinning } from "../../verify/trust-request.ts";

/** A repository and the state of its index, as the cells of a row. */
export function repositoryRow(item: RepositorySummary, style: Style): readonly string[] {
  const packages = item.packages === null ? "never synced" : `${item.packages} packages`;
  const { trust } = item;
  return [
    item.name,
    item.enabled ? packages : "disabled",
    item.syncedAt ?? "",
    keysCell(item),
    trust === null ? "" : `serial ${trust.serial}`,
    trust === null ? "" : trust.expired ? style.red(`expired ${trust.expires}`) : `expires ${trust.expires}`,
    item.url,
  ];
}

function keysCell({ keys, trust }: RepositorySummary): string {
  if (keys.length === 0) return "no key";
  return trust !== null && keys.length > 1 ? `${trust.threshold} of ${keys.join(", ")}` : `key ${keys.join(", ")}`;
}

const PINNINGS: Readonly<Record<Pinning, string>> = {
  kept: "as pinned before",
  "first use": "pinned on first use",
  given: "signed by the keys you gave, and pinned",
  rotated: "signed by those pinned before",
  accepted: "as you accept them",
};

/** What was added, and which keys it is trusted by. */
export function addedLines(added: AddedRepository, style: Style): readonly string[] {
  const { name, configFile, packages, trust } = added;
  const head = `added ${style.bold(name)} in ${configFile}`;
  if (packages === null) return [head, "Its index is fetched, and its keys are pinned, by the next `pkg sync`"];
  if (trust === null) return [`${head}: ${packages} packages`];
  return [
    head,
    ...factLines([
      ["index", `${trust.identity}, serial ${trust.serial}`],
      ["packages", `${packages} for this machine`],
      ["expires", trust.expires],
      ["signed by", `${trust.threshold} of ${trust.keys.length}, ${PINNINGS[trust.pinning]}`],
      ...trust.keys.map(({ id, key }) => [`key ${id}`, key] as const),
    ]),
    ...(trust.pinning === "first use"
      ? ["Compare the keys with those that the publisher announces; `pkg repo remove` forgets them"]
      : []),
  ];
}

/** What happened to a repository, and to the keys that were pinned for it. */
export function repositoryChangeLines({ name, change, configFile, forgotten }: RepositoryChange): readonly string[] {
  const line = `${change} ${name} in ${configFile}`;
  if (forgotten === null) return [line];
  const keys = forgotten.keys.map(({ id }) => id).join(", ");
  return [line, `Its keys are forgotten (${keys}): added again, it is trusted by whatever keys it then has`];
}

/** Which keys of a repository are pinned. */
export function trustLines({ name, pinned }: TrustOutcome, style: Style): readonly string[] {
  if (pinned === null) return [`${name}: nothing is pinned; its index names no keys, or was never synced`];
  return [
    style.bold(name),
    ...factLines([
      ["index", `${pinned.identity}, serial ${pinned.serial}`],
      ["expires", pinned.expires],
      ["signed by", `${pinned.threshold} of ${pinned.keys.length}, key set ${pinned.keySet}`],
      ["pinned", `${pinned.pinnedAt}, ${pinned.givenKeys.length > 0 ? "by the keys in the config" : "on first use"}`],
      ...pinned.keys.map(({ id, key }) => [`key ${id}`, key] as const),
    ]),
  ];
}

function factLines(facts: readonly (readonly [string, string])[]): readonly string[] {
  return columns(facts.map(([label, value]) => [`  ${label}`, value]));
}
