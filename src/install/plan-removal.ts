import { PkgError } from "../errors.ts";
import { allNeeded, neededBy } from "../package/dependency-graph.ts";
import type { Installation, Needing } from "../package/installation.ts";
import { isInPrefix } from "../package/place.ts";
import { aftermathOf } from "../plan/left-behind.ts";
import type { Installations } from "../state/installations.ts";

/** What else goes with what was named. */
export interface RemovalOptions {
  /** Whether dependencies stay that nothing needs any more. */
  readonly keepDependencies: boolean;
  /** Whether what others need goes too. */
  readonly force: boolean;
}

/** What becomes of what was named, and of what it needed. */
export interface RemovalPlan {
  readonly removed: readonly Installation[];
  /** Dependencies that nothing needs after that. */
  readonly along: readonly Installation[];
  /** What was asked for and others need: it stays as a dependency; as it will be recorded. */
  readonly marked: readonly Installation[];
  readonly refused: readonly { readonly installation: Installation; readonly error: PkgError }[];
  /** What is left without something that it needs. */
  readonly broken: readonly { readonly name: string; readonly needed: string }[];
}

/** Plans the removal of installations that were named; changes nothing. */
export function planRemoval(
  installations: Pick<Installations, "get" | "needs">,
  named: readonly Installation[],
  { keepDependencies, force }: RemovalOptions,
): RemovalPlan {
  const before = installations.needs();
  const names = new Set(named.map(({ name }) => name));
  const needed = neededWithout(before, names);
  const staying = force ? [] : named.filter(({ name }) => needed.has(name));
  const [refused, marked] = [staying.filter(isDependency), staying.filter((item) => !isDependency(item))];
  const removed = named.filter((item) => !staying.includes(item));
  const gone = new Set(removed.map(({ name }) => name));
  const after = before.filter(({ name }) => !gone.has(name)).map((item) => asMarked(marked, item));
  const left = keepDependencies ? [] : aftermathOf(before, after).leftBehind;
  const goingToo = new Set(left);
  const byName = new Map(after.map((item) => [item.name, item]));
  const needers = neededBy(byName.keys(), (name) => byName.get(name)?.dependencies ?? []);
  return {
    removed,
    along: left.flatMap((name) => installations.get(name) ?? []),
    marked: marked.map(({ name }) => asDependency(there(installations.get(name)))),
    refused: refused.map((installation) => ({ installation, error: neededError(installation, needers) })),
    broken: removed.flatMap(({ name }) =>
      needers(name)
        .filter((needer) => !goingToo.has(needer))
        .map((needer) => ({ name: needer, needed: name })),
    ),
  };
}

/** Names of the dependencies that nothing needs after all removals but those that failed. */
export function leftWithout(before: readonly Needing[], removed: ReadonlySet<string>): ReadonlySet<string> {
  const after = before.filter(({ name }) => !removed.has(name));
  return new Set(aftermathOf(before, after).leftBehind);
}

/** What stays needs, directly or not: also through what is named. */
function neededWithout(before: readonly Needing[], names: ReadonlySet<string>): ReadonlySet<string> {
  const others = before.filter(({ name }) => !names.has(name));
  const byName = new Map(before.map((item) => [item.name, item]));
  return allNeeded(aftermathOf(before, others).needed, (name) => byName.get(name)?.dependencies ?? []);
}

function isDependency(item: Installation): boolean {
  return item.isDependency;
}

function asMarked(marked: readonly Installation[], item: Needing): Needing {
  return marked.some(({ name }) => name === item.name) ? { ...item, isDependency: true } : item;
}

/** Its programs are not for people to run any more, and no version of it is asked for. */
export function asDependency(installation: Installation): Installation {
  const [links = [], taken = []] = [installation.links, installation.taken].map((list) =>
    list.filter(({ path }) => isInPrefix(path)),
  );
  return { ...installation, isDependency: true, requested: installation.name, wish: null, links, taken };
}

function there(installation: Installation | null): Installation {
  if (installation === null) throw new Error("what is installed was not found");
  return installation;
}

const MAX_NAMED = 3;

function neededError({ name }: Installation, needers: (name: string) => readonly string[]): PkgError {
  const all = needers(name).map((needer) => `"${needer}"`);
  const more = all.length > MAX_NAMED ? ` and ${all.length - MAX_NAMED} more` : "";
  const verb = all.length === 1 ? "needs" : "need";
  return new PkgError(
    "PACKAGE_NEEDED",
    `Cannot remove "${name}": ${all.slice(0, MAX_NAMED).join(", ")}${more} ${verb} it`,
    { hint: `\`pkg why ${name}\` shows who needs it; --force removes it all the same` },
  );
}
