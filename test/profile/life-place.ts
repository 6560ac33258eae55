import { PkgError } from "../../src/errors.ts";
import { asDependency } from "../../src/install/plan-removal.ts";
import type { Installation } from "../../src/package/installation.ts";
import { failAlong } from "../../src/plan/fail-along.ts";
import { aftermathOf } from "../../src/plan/left-behind.ts";
import type { Failures } from "../../src/profile/apply-changes.ts";
import type { ProfileChange } from "../../src/profile/profile.ts";
import { type Named, needsOf, prepare } from "./life-packages.ts";
import type { ProfileHome } from "./profile-home.ts";

/** Places packages with what they need, and removes what nothing needs after that, as one unit, as `install` and `update` do. */
export async function place(home: ProfileHome, items: readonly Named[], force: boolean): Promise<readonly PkgError[]> {
  const { installations, profile } = home;
  const asked = new Set(items.map(({ name }) => name));
  const drafted = await Promise.all(closure(home, items).map((item) => draft(home, item, !asked.has(item.name))));
  const drafts = new Map(drafted.map(({ installation }) => [installation.name, installation]));
  const before = installations.needs();
  const after = new Map([...before.map((item) => [item.name, item] as const), ...drafts]);
  const leaving = aftermathOf(before, [...after.values()]).leftBehind.flatMap((name) => installations.get(name) ?? []);
  const removals = leaving.map((installation) => ({ kind: "remove" as const, installation }));
  const alongWith = (failures: Failures): Failures => {
    const parts = [...drafts.values()].map(({ name, dependencies, isDependency }) => ({
      ...{ name, needs: dependencies, isDependency },
    }));
    const staying = failures.size === 0 ? [] : leaving.filter(({ name }) => !failures.has(name));
    return new Map([...failAlong(parts, failures), ...staying.map(({ name }) => [name, stays(name)] as const)]);
  };
  const results = profile.apply([...removals, ...drafted], { force, failAlong: alongWith });
  return results.flatMap((result) => (result.kind === "failed" ? [result.error] : []));
}

function stays(name: string): PkgError {
  return new PkgError("PACKAGE_NEEDED", `Cannot remove "${name}": it is needed`);
}

/** What is named, and what that needs and is not installed. */
function closure({ installations }: ProfileHome, items: readonly Named[]): readonly Named[] {
  const all = new Map(items.map((item) => [item.name, item]));
  for (const item of all.values()) {
    for (const name of needsOf(item)) {
      if (!all.has(name) && installations.get(name) === null) all.set(name, { name, version: "1" });
    }
  }
  return [...all.values()];
}

async function draft(
  home: ProfileHome,
  item: Named,
  isDependency: boolean,
): Promise<ProfileChange & { readonly kind: "place" | "mark" }> {
  const now = home.installations.get(item.name);
  const { verified, draft: drafted } = await prepare(home, item);
  if (now?.isDependency === true && now.version === item.version) {
    return { kind: "mark", installation: { ...now, isDependency: false, links: drafted.links } };
  }
  const installation = isDependency ? asDependency(drafted) : asKept(drafted, now);
  return { kind: "place", verified, installation };
}

/** As `install` does: what a person has said of a package holds for each version of it. */
function asKept(drafted: Installation, now: Installation | null): Installation {
  return now === null ? drafted : { ...drafted, isPinned: now.isPinned, unlinked: now.unlinked };
}
