import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { indexUrlOf, parseIndexUrl } from "../config/index-address.ts";
import { hasCode, PkgError } from "../errors.ts";
import { withTemporaryDirectory } from "../fs/temporary-directory.ts";
import { fetchWhole } from "../repositories/fetch-index.ts";
import { indexFileIn } from "../repositories/fetch-index-file.ts";
import type { FetchedIndex } from "../repositories/fetched-index.ts";
import { readerOf } from "../repositories/repository-fetch.ts";

export type IndexFileCapabilities = Pick<Capabilities, "config" | "network" | "signal" | "retry" | "emit">;

/** The bytes of an index as they are served, and of the signatures that are served with it. */
export interface IndexFile {
  /** As it was typed. */
  readonly source: string;
  readonly bytes: Buffer;
  /** Null: there are none. */
  readonly signatures: Buffer | null;
}

/**
 * Reads the index that a person named, as `pkg repo add` does: a directory or file, an address, an artifact of a registry or
 * a layout (by default its tag `latest`). Nothing of it is verified but that it is an index as it came.
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
        ...{ address, task, namedBy: "person", answerWithinMs: null },
        beside: join(temporary, "index"),
        onProgress: () => {},
      });
      return { source, bytes: readFileSync(fetched.download.path), signatures: await signaturesOf(fetched) };
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

/** True for a directory that has an index in it. */
export function holdsIndex(directory: string): boolean {
  const file = indexFileIn(directory);
  return file !== null && file !== directory;
}
