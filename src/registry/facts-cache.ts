import { readFile } from "node:fs/promises";
import { systemCode } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import type { Layout } from "./layout.ts";
import { factsOf, type ManifestFacts } from "./manifest-facts.ts";

const MAX_REMEMBERED = 100_000;

/** Facts of stored manifests, each read once: what a digest names never changes. */
export interface FactsCache {
  of(digest: Digest): Promise<ManifestFacts>;
  remember(digest: Digest, facts: ManifestFacts): void;
}

export function createFactsCache(layout: Layout): FactsCache {
  const known = new Map<Digest, ManifestFacts>();
  const remember = (digest: Digest, facts: ManifestFacts) => {
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(digest, facts);
  };
  return {
    remember,
    async of(digest) {
      const found = known.get(digest) ?? (await readFacts(layout.blob(digest)));
      if (found === null) return { subject: null, artifactType: null };
      if (!known.has(digest)) remember(digest, found);
      return found;
    },
  };
}

async function readFacts(path: string): Promise<ManifestFacts | null> {
  try {
    return factsOf(await readFile(path));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
}
