import { allNeeded } from "../package/dependency-graph.ts";
import type { Installation } from "../package/installation.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import { withDependencies } from "../resolve/closure.ts";
import { findAnyway } from "../resolve/find-installed.ts";
import { Looking } from "../resolve/looking.ts";
import { resolveSpecs } from "../resolve/resolve.ts";
import { isReference } from "../resolve/spec.ts";
import type { Installations } from "../state/installations.ts";
import type { StateCapabilities } from "./inspect.ts";
import { listedTree } from "./listed-tree.ts";
import { type Named, named } from "./named.ts";
import type { DependencyTree, NeededPackage } from "./needed-package.ts";

/** What each package that is named, as `install` takes it, needs to run: by the index, or as it was recorded where none can tell. */
export function dependencyTrees(
  cap: SyncCapabilities & StateCapabilities,
  texts: readonly string[],
  directory: string,
): Promise<Named<DependencyTree>> {
  return named(texts, (text) => dependencyTree(cap, text, directory));
}

async function dependencyTree(
  cap: SyncCapabilities & StateCapabilities,
  text: string,
  directory: string,
): Promise<DependencyTree> {
  const { installations } = await cap.records();
  const installed = findAnyway({ installations, directory }, text);
  const looking = new Looking(cap, { skip: [], isInstalled: installed !== null });
  try {
    const options = { skip: [], key: null, directory, isOnlyShown: true };
    const resolved = await resolveSpecs(cap, [text], options, looking);
    const lookup = await looking.open();
    const closed = withDependencies({ cap, lookup, installations, skip: [] }, resolved);
    const failed = closed.find((item) => "error" in item);
    if (failed !== undefined && "error" in failed && installed === null) {
      const listed = isReference(text) ? null : listedTree({ lookup, installations }, text);
      if (listed === null || listed.closure.concat(listed).every(({ problem }) => problem === null)) throw failed.error;
      return listed;
    }
    const nodes = closed.flatMap((item) => ("resolution" in item ? [item.resolution] : []));
    const root = nodes.at(-1);
    if (failed !== undefined || root === undefined) return recordedTree(installations, installed);
    const closure = nodes.slice(0, -1).map((node) => nodeOf(installations, node));
    return {
      ...nodeOf(installations, root),
      repository: root.repository,
      closure: [...closure, ...staying(installations, nodes)],
    };
  } finally {
    looking.close();
  }
}

function nodeOf(
  installations: Pick<Installations, "get">,
  { name, version, dependencies }: Pick<NeededPackage, "name" | "version" | "dependencies">,
): NeededPackage {
  return { name, version, installedVersion: installations.get(name)?.version ?? null, dependencies, problem: null };
}

/** What is needed and stays as it is installed, with what it needs itself. */
function staying(
  installations: Installations,
  nodes: readonly Pick<NeededPackage, "name" | "dependencies">[],
): readonly NeededPackage[] {
  const known = new Set(nodes.map(({ name }) => name));
  const needs = (name: string) => installations.get(name)?.dependencies ?? [];
  const others = nodes.flatMap(({ dependencies }) => dependencies).filter((name) => !known.has(name));
  const names = [...allNeeded(others, needs)].filter((name) => !known.has(name));
  return names.flatMap((name) => recordedNode(installations.get(name)));
}

function recordedNode(installed: Installation | null): readonly NeededPackage[] {
  if (installed === null) return [];
  const { name, version, dependencies } = installed;
  return [{ name, version, installedVersion: version, dependencies, problem: null }];
}

function recordedTree(installations: Installations, installed: Installation | null): DependencyTree {
  const [root] = recordedNode(installed);
  if (root === undefined) throw new Error("nothing was found, and no error");
  return { ...root, repository: installed?.repository ?? null, closure: staying(installations, [root]) };
}
