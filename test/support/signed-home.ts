import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Signer } from "./minisign-signer.ts";
import type { BuiltPackage } from "./package-builder.ts";
import { makeSampleHome, type SampleHome } from "./sample-home.ts";
import { type IndexFacts, indexText, makeKeySet, packed, signIndex } from "./signed-index.ts";
import type { Cleanup } from "./temp-home.ts";
import { v1Entry } from "./v1-index.ts";

/** A sample home whose host serves a signed index as well. */
export interface SignedHome extends SampleHome {
  /** Where that is. */
  readonly indexUrl: string;
  /** Serves an index of `packages`, by `signers`; null: without signatures. */
  serveIndex(facts: ServedFacts): void;
  /** Writes these bytes in its place. */
  serveBytes(index: Buffer, signatures: Buffer | null): void;
}

export interface ServedFacts extends Partial<Omit<IndexFacts, "packages">> {
  readonly packages?: readonly BuiltPackage[];
  /** Default: the home's own. */
  readonly signers?: readonly Signer[] | null;
}

export const HOUR_MS = 60 * 60 * 1000;

/** The repository is not configured yet. */
export async function makeSignedHome(test: Cleanup): Promise<SignedHome> {
  const home = await makeSampleHome(test);
  const directory = join(home.path, "served", "index");
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "signed.json.zst");
  const serveBytes = (index: Buffer, signatures: Buffer | null) => {
    writeFileSync(file, index);
    rmSync(`${file}.sig`, { force: true });
    if (signatures !== null) writeFileSync(`${file}.sig`, signatures);
  };
  return {
    ...home,
    indexUrl: `${home.registryUrl}/index/signed.json.zst`,
    serveBytes,
    serveIndex: ({ packages = [], signers = [home.signer], ...facts }) => {
      const keySets = facts.keySets ?? [makeKeySet({ keys: [home.signer] })];
      const issuedMs = facts.issuedMs ?? Date.now() - HOUR_MS;
      const index = packed(indexText({ ...facts, issuedMs, keySets, packages: packages.map(entryOf) }));
      serveBytes(index, signers === null ? null : signIndex(index, signers));
    },
  };
}

function entryOf({ name, version, entry, reference, files, manifestDigest, program }: BuiltPackage) {
  return v1Entry(name, {
    version,
    ghcr_pkg: reference,
    ghcr_blob: entry["ghcr_blob"],
    ghcr_files: [...files.keys()],
    ghcr_size_raw: [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0),
    manifest_digest: manifestDigest,
    size_raw: program.length,
    shasum: entry["shasum"],
    bsum: entry["bsum"],
  });
}
