import { MAX_ENTRY_BYTES } from "../base/limits.ts";
import { MAX_MINISIGN_FILE_BYTES } from "../base/minisign-format.ts";
import type { RetrySettings } from "../base/retry.ts";
import { fetchBytes } from "../oci/blob-bytes.ts";
import type { BlobAddress, Source } from "../oci/content.ts";
import type { WrittenFacts } from "../package/facts.ts";
import { entryTitle, mainTitles, nameOfEntry, signatureTitleFor, unpackedTitle } from "../package/file-names.ts";
import type { PublicKey } from "../package/public-key.ts";

/** How small documents are fetched, and whose signatures are looked for. */
export interface FactsOptions {
  readonly keys: readonly PublicKey[];
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
}

interface FactsPlace {
  readonly layers: ReadonlyMap<string, BlobAddress>;
  readonly name: string;
  readonly main: string | null;
}

/**
 * Fetches `PROGRAM.json` and its signature; null when a package does not have both.
 *
 * @param layers by title
 * @param name of the package; a package of another name may be in its place, so its program's facts count as well
 * @param main the title of the program that will be placed; null: not known yet
 * @throws {PkgError} BODY_TOO_LARGE; those of the place
 */
export async function readWrittenFacts(
  place: Source,
  { layers, name, main }: FactsPlace,
  { keys, ...options }: FactsOptions,
): Promise<WrittenFacts | null> {
  const title = titleOfFacts({ layers, name, main });
  const entry = title === null ? undefined : layers.get(title);
  const keyIds = keys.map(({ keyId }) => keyId);
  const sidecar = title === null ? undefined : layers.get(signatureTitleFor(title, keyIds, layers));
  if (title === null || entry === undefined || sidecar === undefined) return null;
  const [bytes, signature] = await Promise.all([
    fetchBytes(place, entry, { ...options, maxBytes: MAX_ENTRY_BYTES }),
    fetchBytes(place, sidecar, { ...options, maxBytes: MAX_MINISIGN_FILE_BYTES }),
  ]);
  return { title, bytes, signature };
}

/** The file with the facts of the package's own name, else of the program that is placed, else of the only program that has any. */
function titleOfFacts({ layers, name, main }: FactsPlace): string | null {
  const found = namesByEntries(layers);
  const [only = null] = found.length === 1 ? found : [];
  const best = [name, main === null ? "" : unpackedTitle(main)].find((candidate) => found.includes(candidate)) ?? only;
  return best === null ? null : entryTitle(best);
}

/** The names that a package may have by its files: those with a program and a `PROGRAM.json`. */
function namesByEntries(layers: ReadonlyMap<string, BlobAddress>): readonly string[] {
  return [...layers.keys()].flatMap((title) => {
    const name = nameOfEntry(title);
    const hasProgram = name !== null && mainTitles(name).some((main) => layers.has(main));
    return name !== null && hasProgram ? [name] : [];
  });
}
