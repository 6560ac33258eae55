import { join } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { indexUrlOf, parseIndexUrl } from "../config/index-address.ts";
import { hasCode, PkgError } from "../errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { withTemporaryDirectory } from "../fs/temporary-directory.ts";
import { fetchWhole } from "../repositories/fetch-index.ts";
import { indexFileIn } from "../repositories/fetch-index-file.ts";
import type { FetchedIndex } from "../repositories/fetched-index.ts";
import { readerOf } from "../repositories/repository-fetch.ts";

/** What reading an index needs of the world. */
export type IndexFileCapabilities = Pick<Capabilities, "config" | "network" | "signal" | "retry" | "emit">;

/** The bytes of a package index and of its signatures, as they are served. */
export interface IndexFile {
  /** As it was typed. */
  readonly source: string;
  readonly bytes: Buffer;
  /** Null when there are none. */
  readonly signatures: Buffer | null;
}

/**
 * Reads the package index that a person named, as `pkg repo add` does: a directory or file, an address, or an artifact in a
 * registry or layout (by default its tag `latest`). Its content and its signatures are not checked.
 *
 * @throws {PkgError} INDEX_MISSING, INDEX_INVALID, INDEX_TOO_LARGE; those of the place or the network
 */
export async function readIndexFile(cap: IndexFileCapabilities, text: string, directory: string): Promise<IndexFile> {
  const address = parseIndexUrl(indexUrlOf(text, directory));
  const source = text.replace(/^oci:\/\//, "");
  const task = `read the index "${source}"`;
  return withTemporaryDirectory("pkg-index-", async (temporary) => {
    try {
      const fetched = await fetchWhole(readerOf(cap, source), {
        ...{ address, task, namedBy: "person" },
        beside: join(temporary, "index"),
        onProgress: () => {},
      });
      try {
        return { source, bytes: readLocalFileSync(fetched.download.path), signatures: await signaturesOf(fetched) };
      } finally {
        fetched.download.remove();
      }
    } catch (error) {
      if (address.kind !== "http" || !hasCode(error, "HTTP_NOT_FOUND")) throw error;
      throw new PkgError("INDEX_MISSING", `Cannot ${task}: the server has none there`, { cause: error });
    }
  });
}

async function signaturesOf({ signatures }: FetchedIndex): Promise<Buffer | null> {
  try {
    return await signatures();
  } catch (error) {
    if (hasCode(error, "SIGNATURE_MISSING")) return null;
    throw error;
  }
}

/** True for a directory that holds a package index. */
export function holdsIndex(directory: string): boolean {
  const file = indexFileIn(directory);
  return file !== null && file !== directory;
}
