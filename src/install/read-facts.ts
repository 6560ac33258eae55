import { MAX_ENTRY_BYTES } from "../base/limits.ts";
import { MAX_MINISIGN_FILE_BYTES } from "../base/minisign-format.ts";
import type { RetrySettings } from "../base/retry.ts";
import { fetchBytes } from "../oci/blob-bytes.ts";
import type { BlobAddress, Source } from "../oci/content.ts";
import type { WrittenFacts } from "../package/facts.ts";
import { entryTitle, mainTitles, nameOfEntry, signatureTitleFor } from "../package/file-names.ts";
import type { PublicKey } from "../package/public-key.ts";

/** How small documents are fetched, and whose signatures are looked for. */
export interface FactsOptions {
  readonly keys: readonly PublicKey[];
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
}

/**
 * Fetches `PROGRAM.json` and its signature; null when a package does not have both.
 *
 * @param layers by title
 * @param names of the package, the best first
 * @throws {PkgError} BODY_TOO_LARGE; those of the place
 */
export async function readWrittenFacts(
  place: Source,
  { layers, names }: { readonly layers: ReadonlyMap<string, BlobAddress>; readonly names: readonly string[] },
  { keys, ...options }: FactsOptions,
): Promise<WrittenFacts | null> {
  const title = names.map(entryTitle).find((candidate) => layers.has(candidate)) ?? "";
  const entry = layers.get(title);
  const keyIds = keys.map(({ keyId }) => keyId);
  const sidecar = layers.get(signatureTitleFor(title, keyIds, layers));
  if (entry === undefined || sidecar === undefined) return null;
  const [bytes, signature] = await Promise.all([
    fetchBytes(place, entry, { ...options, maxBytes: MAX_ENTRY_BYTES }),
    fetchBytes(place, sidecar, { ...options, maxBytes: MAX_MINISIGN_FILE_BYTES }),
  ]);
  return { title, bytes, signature };
}

/** The names that a package may have by its files: those with a program and a `PROGRAM.json`. */
export function namesByEntries(layers: ReadonlyMap<string, BlobAddress>): readonly string[] {
  return [...layers.keys()].flatMap((title) => {
    const name = nameOfEntry(title);
    const hasProgram = name !== null && mainTitles(name).some((main) => layers.has(main));
    return name !== null && hasProgram ? [name] : [];
  });
}
