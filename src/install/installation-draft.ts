import type { ObtainedKeg } from "../obtain/obtained-package.ts";
import { aliasLinks } from "../package/alias-links.ts";
import { holdingLinks, isMadeFile, type ShareSettings } from "../package/holdings.ts";
import { isAlias } from "../package/install-name.ts";
import type { Installation, InstalledLink } from "../package/installation.ts";
import type { Link } from "../package/provides.ts";
import { withUnlinked } from "../package/unlinked.ts";
import type { Resolution } from "../plan/resolution.ts";
import { packageDirectory } from "../profile/installation-paths.ts";
import type { VerifiedPackage } from "../verify/package.ts";

/** What an installation is drafted from. */
export interface DraftRequest {
  readonly resolution: Resolution;
  /** With the members of its archive, if it came in one. */
  readonly verified: VerifiedPackage;
  readonly links: readonly Link[];
  /** Null for everything but bottles. */
  readonly keg: ObtainedKeg | null;
  readonly share: ShareSettings;
  /** ISO 8601. */
  readonly installedAt: string;
}

/** The row that will be recorded when the package has been placed. */
export function draftInstallation(request: DraftRequest): Installation {
  const { resolution, verified, keg } = request;
  const { fetched, evidence } = verified;
  const [main] = fetched.programs;
  if (main === undefined) throw new Error("a verified package has no program");
  const { links, unlinked } = aliasLinks(resolution, request.links);
  const hasFacts = evidence.checks.includes("facts");
  return withUnlinked({
    name: resolution.name,
    packageName: resolution.packageName,
    version: resolution.version,
    wish: resolution.isDependency ? null : resolution.wish,
    isPinned: resolution.isPinned ?? false,
    unlinked,
    repository: resolution.repository,
    owner: resolution.owner,
    packageId: resolution.packageId,
    family: resolution.family,
    type: resolution.type,
    reference: resolution.origin.text,
    manifestDigest: fetched.manifest?.digest ?? null,
    programDigest: main.blob.digest,
    sizeBytes: verified.files.reduce((sum, { path, size }) => sum + (isMadeFile(path) ? 0 : size), 0),
    directory: keg?.directory ?? packageDirectory(resolution.name, resolution.version, main.blob.digest),
    files: verified.files,
    links: [
      ...links.map(({ link, title }) => ({ path: link, target: title, kind: "link" as const })),
      ...(keg?.links ?? []),
      ...heldLinks({ ...resolution, keg: keg?.installed ?? null }, { ...request, files: verified.files }),
    ],
    taken: [],
    checks: evidence.checks,
    skipped: evidence.skipped,
    signedBy: evidence.signedBy,
    provenance: evidence.provenance === null ? null : JSON.stringify(evidence.provenance),
    publisherKey: resolution.publisherKey,
    signedAs: evidence.signedAs,
    dependencies: resolution.dependencies,
    isDependency: resolution.isDependency,
    keg: keg?.installed ?? null,
    image: resolution.origin.kind === "image" ? resolution.origin.image : null,
    installedAt: request.installedAt,
    requested: resolution.requested,
    expected: resolution.expected,
    evidence: {
      manifest: fetched.manifest?.bytes ?? null,
      checksum: fetched.checksum,
      checksumSignature: fetched.checksumSignature,
      entry: hasFacts ? (fetched.facts?.bytes ?? null) : null,
      signatures: Object.fromEntries(
        [...fetched.programs, ...(hasFacts && fetched.facts !== null ? [fetched.facts] : [])].flatMap(
          ({ title, signature }) => (signature === null ? [] : [[title, signature]]),
        ),
      ),
    },
  });
}

/** The links in the data directory to what a package holds: a dependency has none, and neither has what is linked nowhere else. */
export function heldLinks(
  installation: Pick<Installation, "name" | "packageName" | "repository" | "isDependency" | "keg">,
  { links, files, share }: Pick<Installation, "files"> & Pick<DraftRequest, "links" | "share">,
): readonly InstalledLink[] {
  const { packageName: name, isDependency, keg } = installation;
  // The pages and completions of a second one are about the commands of the first.
  if (isAlias(installation)) return [];
  if (isDependency || (keg !== null && keg.kegOnly !== null)) return [];
  const paths = files.map(({ path }) => path);
  return holdingLinks({ name, commands: links.map(({ link }) => link), paths }, share);
}
