import type { Digest } from "../oci/digest.ts";
import { factsOf, type ManifestFacts } from "./manifest-facts.ts";
import type { StoragePaths } from "./storage-paths.ts";

const MAX_REMEMBERED = 100_000;

/** Facts of stored manifests; each is read once, as the content behind a digest never changes. */
export interface FactsCache {
  of(digest: Digest): Promise<ManifestFacts>;
  remember(digest: Digest, facts: ManifestFacts): void;
}

/** An empty cache over the stored manifests. */
export function createFactsCache(paths: StoragePaths): FactsCache {
  const known = new Map<Digest, ManifestFacts>();
  const remember = (digest: Digest, facts: ManifestFacts) => {
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(digest, facts);
  };
  return {
    remember,
    async of(digest) {
      const found = known.get(digest) ?? (await readFacts(paths, digest));
      if (found === null) return { subject: null, artifactType: null };
      if (!known.has(digest)) remember(digest, found);
      return found;
    },
  };
}

async function readFacts({ files, blob }: StoragePaths, digest: Digest): Promise<ManifestFacts | null> {
  const bytes = await files.read(blob(digest));
  return bytes === null ? null : factsOf(bytes);
}
