import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Repository } from "../config/config.ts";
import { PkgError } from "../errors.ts";
import { statusError } from "../http/status.ts";
import { parseSignature, verifySignature } from "../verify/minisign.ts";
import type { DownloadedIndex } from "./index-download.ts";
import type { SyncCapabilities } from "./sync.ts";

/**
 * An index of the third generation carries the only statement of what its packages hash to, so with a key
 * known its signature is required; the older ones were never signed and their packages sign for themselves.
 */
export async function checkIndexSignature(
  cap: SyncCapabilities,
  repository: Repository,
  download: DownloadedIndex,
  format: string,
): Promise<string | null> {
  const { policy, signedIndex } = repository;
  const wanted = signedIndex || (format === "g3" && policy.keys.length > 0);
  if (!wanted) return null;
  const signature = parseSignature(await fetchSignature(cap, repository));
  const { keyId } = verifySignature({
    signature,
    keys: policy.keys,
    content: { blake2b512: download.blake2b512 },
    allowLegacy: false,
  });
  return keyId;
}

const MAX_SIGNATURE_BYTES = 16 * 1024;

async function fetchSignature(cap: SyncCapabilities, repository: Repository): Promise<Buffer> {
  const url = new URL(repository.url);
  url.pathname += ".sig";
  const what = `fetch the signature of the index of "${repository.name}"`;
  if (url.protocol === "file:") {
    return readLocalSignature(fileURLToPath(url), repository.name);
  }
  const network = await cap.network();
  const response = await network.http.request({ url, signal: cap.signal });
  if (response.status === 404) {
    await response.discard();
    throw missingSignature(repository.name, undefined);
  }
  if (response.status !== 200) throw await statusError(response, what);
  return response.readBytes(MAX_SIGNATURE_BYTES);
}

function readLocalSignature(path: string, name: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw missingSignature(name, error);
  }
}

function missingSignature(name: string, cause: unknown): PkgError {
  return new PkgError(
    "SIGNATURE_MISSING",
    `Cannot sync "${name}": its index has no signature, expected one by the repository's key`,
    { cause },
  );
}
