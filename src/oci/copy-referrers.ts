import { PkgError } from "../errors.ts";
import type { ReferrersFilter, Source, Target } from "./content.ts";
import { type Copying, MAX_COPY_DEPTH } from "./copy-graph.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";

const ALL: ReferrersFilter = { artifactType: null };

/**
 * Copies the referrers of everything that was copied, the referrers of those, and so on.
 *
 * @throws {PkgError} MANIFEST_INVALID when referrers of referrers go too deep
 */
export async function copyReferrers(
  copying: Copying,
  { source, target, signal }: { readonly source: Source; readonly target: Target; readonly signal: AbortSignal },
): Promise<void> {
  const done = new Set<Digest>();
  for (let depth = 0; ; depth += 1) {
    const subjects = copying.manifests.filter((digest) => !done.has(digest));
    if (subjects.length === 0) return;
    for (const digest of subjects) done.add(digest);
    const found = await Promise.all(
      subjects.map(async (subject) => {
        const referrers = await copying.run(() => source.listReferrers(subject, ALL, signal));
        return { subject, referrers: referrers.filter(({ digest }) => digest !== subject) };
      }),
    );
    const present = found.filter(({ referrers }) => referrers.length > 0);
    if (depth >= MAX_COPY_DEPTH && present.length > 0) throw tooDeep();
    await Promise.all(present.map((each) => copyEach(each)));
  }

  async function copyEach({ subject, referrers }: { subject: Digest; referrers: readonly Descriptor[] }) {
    const listed = await copying.run(() => target.listReferrers(subject, ALL, signal));
    const digests = new Set(listed.map(({ digest }) => digest));
    await Promise.all(referrers.map((referrer) => copying.copyReferrer(referrer, digests.has(referrer.digest))));
  }
}

function tooDeep(): PkgError {
  return new PkgError("MANIFEST_INVALID", `Cannot copy referrers: they nest more than ${MAX_COPY_DEPTH} deep`);
}
