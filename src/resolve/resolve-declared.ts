import { addAll } from "../base/many.ts";
import { asFailure } from "../capabilities/outcome.ts";
import type { Config } from "../config/config.ts";
import type { DeclaredPackage } from "../declare/declaration.ts";
import { PkgError } from "../errors.ts";
import type { Waiver } from "../package/policy.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { checkGivenKey, keyGivenFor } from "./given-key.ts";
import { installedAs } from "./install-as.ts";
import type { Looking } from "./looking.ts";
import { type ResolveCapabilities, type Resolved, resolveSpecs } from "./resolve.ts";
import { type ChoosePackage, settleAmbiguous } from "./settle-ambiguous.ts";

/** What declared packages are resolved with. */
export interface DeclaredContext {
  /** Where relative paths of references begin: the directory of the file. */
  readonly directory: string;
  readonly cap: ResolveCapabilities;
  readonly looking: Looking;
  readonly skip: readonly Waiver[];
  readonly choose: ChoosePackage;
}

/** A declared package, and what it means. */
export interface ResolvedPackage {
  readonly declared: DeclaredPackage;
  readonly resolved: Resolved;
}

/**
 * What declared packages mean, each by itself: one that fails does not affect the others. Their order is that of the file, but
 * for references with a key or a wish of their own, which follow.
 */
export async function resolveDeclared(
  context: DeclaredContext,
  packages: readonly DeclaredPackage[],
): Promise<readonly ResolvedPackage[]> {
  const { cap } = context;
  const refused = packages.flatMap((declared) => {
    const { refusal } = declared;
    return refusal === null ? [] : [{ declared, resolved: refusedItem(declared, refusal) }];
  });
  const open = packages.filter(({ refusal }) => refusal === null);
  // Names first: which indexes are worth waiting for follows from them.
  const groups = [...Map.groupBy(open, ({ key, image }) => JSON.stringify([key, image]))].toSorted(
    ([a], [b]) => Number(b === PLAIN) - Number(a === PLAIN),
  );
  const all: ResolvedPackage[] = [...refused];
  for (const [, group] of groups) {
    const found = await resolveGroup(context, group, cap.config);
    const resolved = await Promise.all(found.map((item) => withGivenKey(cap, item)));
    addAll(
      all,
      group.flatMap((declared, index) => {
        const item = resolved[index];
        return item === undefined ? [] : [{ declared, resolved: asDeclared(declared, item) }];
      }),
    );
  }
  return all;
}

/** What is not by the key that a person gave before is refused: a file does not decide whom a publisher has to be. */
async function withGivenKey(cap: Pick<ResolveCapabilities, "records">, resolved: Resolved): Promise<Resolved> {
  if ("error" in resolved || resolved.resolution.publisherKey === null) return resolved;
  const { name, packageId, publisherKey: key } = resolved.resolution;
  const { installations } = await cap.records();
  try {
    checkGivenKey(`Cannot install "${name}"`, { given: keyGivenFor(installations.list(), packageId), key });
    return resolved;
  } catch (error) {
    return { requested: resolved.requested, error: asFailure(error) };
  }
}

/** What the file says of it beside its version. */
function asDeclared({ name, packageName, isPinned }: DeclaredPackage, resolved: Resolved): Resolved {
  if ("error" in resolved) return resolved;
  const pinned = isPinned ? { isPinned: true as const } : {};
  try {
    const resolution = packageName === null ? resolved.resolution : installedAs(resolved.resolution, name);
    return { ...resolved, resolution: { ...resolution, ...pinned } };
  } catch (error) {
    return { requested: resolved.requested, error: asFailure(error) };
  }
}

const PLAIN = JSON.stringify([null, null]);

async function resolveGroup(
  { cap, looking, directory, skip, choose }: DeclaredContext,
  group: readonly DeclaredPackage[],
  config: Config,
): Promise<readonly Resolved[]> {
  const [first] = group;
  if (first === undefined) return [];
  try {
    if (first.key !== null) parsePublicKey(first.key);
  } catch (error) {
    if (!(error instanceof PkgError)) throw error;
    return group.map((item) => ({ requested: item.spec, error }));
  }
  const options = {
    ...{ skip, key: first.key, directory },
    ...(first.image === null ? {} : { image: first.image }),
    knownSince: cap.now() - (config.syncIntervalMs ?? Number.POSITIVE_INFINITY),
  };
  const specs = group.map((item) => specHere(item, config));
  return settleAmbiguous(cap, await resolveSpecs(cap, specs, options, looking), { ...options, looking, choose });
}

/** A formula is taken from the first repository of formulae, if there is one. */
function specHere({ spec, isFormula }: DeclaredPackage, { repositories }: Config): string {
  const formulae = repositories.find(({ kind, enabled }) => kind === "homebrew" && enabled);
  return isFormula && formulae !== undefined ? `${spec}:${formulae.name}` : spec;
}

function refusedItem({ name, line }: DeclaredPackage, refusal: string): Resolved {
  const where = line === null ? "" : ` (line ${line})`;
  return {
    requested: name,
    error: new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${name}"${where}: ${refusal}`, {
      hint: 'Name its repository, or write reference = "ghcr.io/…"',
    }),
  };
}
