import { glibcInterpreter } from "../base/machines.ts";
import { PkgError } from "../errors.ts";
import type { InstalledLink } from "../package/installation.ts";
import { kegDirectory } from "../package/place.ts";
import { isActive } from "../package/policy.ts";
import type { Link } from "../package/provides.ts";
import type { Resolution } from "../plan/resolution.ts";
import { isGlibc } from "../pour/glibc-keg.ts";
import { kegLinks, kegPrograms } from "../pour/keg-links.ts";
import { type PouredBottle, pourBottle } from "../pour/pour-bottle.ts";
import { openPackageSource } from "../sources/open-source.ts";
import { verifyPackage, withMembers } from "../verify/package.ts";
import { kegCommands } from "./keg-commands.ts";
import { withMadeFiles } from "./make-files.ts";
import type { ObtainContext, ObtainedPackage } from "./obtained-package.ts";
import { kegInStore } from "./stored-keg.ts";

/**
 * Receives and verifies a bottle, unless the store holds all of it as it was poured once; its files are in the store, as they will be under the prefix.
 *
 * @throws {PkgError} OFFLINE; PROVENANCE_MISSING when that is required; as pourBottle, verifyPackage
 */
export async function obtainBottle(context: ObtainContext, resolution: Resolution): Promise<ObtainedPackage> {
  refuseProvenance(resolution);
  const pouring = { ...context, interpreter: glibcInterpreter(context.place.machine.host) };
  const stored = await kegInStore(pouring, resolution);
  if (stored !== null) return verified(context, resolution, stored);
  const source = await openPackageSource(context.sources, resolution);
  try {
    return await verified(context, resolution, await pourBottle(pouring, source, resolution));
  } finally {
    await source.close();
  }
}

async function verified(
  context: ObtainContext,
  resolution: Resolution,
  { blob, taken, after, receivedBytes }: PouredBottle,
): Promise<ObtainedPackage> {
  const { prefix, emit } = context;
  const { version, expected, policy, keg } = resolution;
  const name = resolution.packageName;
  if (keg === null) throw new Error(`"${name}" is no bottle`);
  emit({ kind: "task-step", id: resolution.name, step: "verify" });
  const archive = { title: name, blob, signature: null, expected, archive: true as const };
  const nothing = { manifest: null, checksum: null, checksumSignature: null, provenance: null, facts: null };
  const checked = verifyPackage({ ...nothing, name, programs: [archive], wantedFacts: null }, policy);
  const paths = taken.files.map(({ path }) => path);
  const kegOnly = keg.kegOnly ?? (isGlibc(name) ? "programs here have the C library of this machine" : null);
  const isKegOnly = kegOnly !== null;
  const { files } = taken;
  const links = resolution.isDependency
    ? []
    : await commandsIn(context, resolution, { files, isKegOnly, unplaced: prefix });
  // The digest of the archive was compared before anything of it was stored.
  const whole = await withMembers(checked, async () => files);
  return {
    resolution,
    // A dependency may be asked for later, without being poured again.
    verified: await withMadeFiles(context, whole, { name, links: kegPrograms({ paths, isKegOnly }), appImage: null }),
    links,
    receivedBytes,
    keg: {
      directory: kegDirectory(name, version),
      links: onePerPath([
        ...kegLinks({ keg: { name, version }, paths, targets: taken.targets, aliases: resolution.aliases, isKegOnly }),
        ...after.links,
      ]),
      after,
      linked: taken.linked,
      installed: { prefix, kegOnly, versionScheme: keg.versionScheme },
    },
  };
}

/** Nothing is left in the store of a bottle whose programs are not for this machine. */
async function commandsIn(
  context: ObtainContext,
  resolution: Resolution,
  poured: Parameters<typeof kegCommands>[2],
): Promise<readonly Link[]> {
  try {
    return await kegCommands(context, resolution, poured);
  } catch (error) {
    context.discard(poured.files);
    throw error;
  }
}

/** Of several links in one place, the last. */
function onePerPath(links: readonly InstalledLink[]): readonly InstalledLink[] {
  return [...new Map(links.map((link) => [link.path, link])).values()];
}

/** Before anything is fetched: no bottle could pass. @throws {PkgError} PROVENANCE_MISSING */
function refuseProvenance({ name, policy }: Resolution): void {
  if (!isActive(policy, "provenance")) return;
  throw new PkgError(
    "PROVENANCE_MISSING",
    `Cannot install "${name}": who built a bottle is not checked yet, and provenance is required`,
    { hint: "Add --insecure-skip=provenance, or take `provenance` out of the repository's `require` in config.toml" },
  );
}
