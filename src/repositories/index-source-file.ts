import { createReadStream, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PkgError, systemCode } from "../errors.ts";
import { MAX_SIGNATURE_LIST_BYTES } from "../verify/signature-list.ts";
import { type FetchedIndex, type FetchIndexRequest, missingSignatures, signedNames } from "./fetched-index.ts";
import { storeDownload } from "./index-download.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";

/** A file has no ETag: its size and modification time stand for one. */
export async function fetchIndexFile(
  cap: SyncCapabilities,
  { repository, known }: FetchIndexRequest,
): Promise<FetchedIndex | null> {
  const url = new URL(repository.url);
  const path = fileURLToPath(url);
  try {
    const stat = statSync(path, { bigint: true });
    const etag = `"${stat.size}-${stat.mtimeNs}"`;
    if (known?.etag === etag) return null;
    const body = createReadStream(path, { signal: cap.signal });
    const download = await storeDownload(cap.indexes.path(repository.name), body, {
      etag,
      lastModified: null,
      declaredBytes: null,
      onProgress: () => {},
    });
    const signatures = async () => readSignatures(`${path}.sig`, repository.name);
    return { download, signatures, fileNames: signedNames(url), isOneMoment: false };
  } catch (error) {
    if (error instanceof PkgError) throw error;
    throw new PkgError(
      "INDEX_MISSING",
      `Cannot sync "${repository.name}": "${path}" cannot be read (${systemCode(error) ?? "unknown"})`,
      { cause: error },
    );
  }
}

function readSignatures(path: string, name: string): Buffer {
  try {
    const { size } = statSync(path);
    if (size <= MAX_SIGNATURE_LIST_BYTES) return readFileSync(path);
    throw new PkgError(
      "SIGNATURE_INVALID",
      `Cannot sync "${name}": "${path}" is ${size} bytes, at most ${MAX_SIGNATURE_LIST_BYTES} allowed`,
    );
  } catch (error) {
    if (error instanceof PkgError) throw error;
    throw missingSignatures(name, error);
  }
}
