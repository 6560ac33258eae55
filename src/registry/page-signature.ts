import { KEY_ID_BYTES, MAX_MINISIGN_FILE_BYTES } from "../base/minisign-format.ts";
import type { Manifest } from "../oci/manifest.ts";
import { layersByTitle } from "../oci/manifest.ts";
import { mainTitles, signatureTitle } from "../package/file-names.ts";
import type { StoragePaths } from "./storage-paths.ts";

const ALGORITHM_BYTES = 2;
const HEAD = /^untrusted comment:[^\n]*\n([A-Za-z0-9+/]{20,200}={0,2})\r?\n/;

/**
 * The id of the key that the main file of a package says it is signed with; null if it says none, or not here. Whether
 * the signature is right is for clients to verify.
 *
 * @param name the last word of its repository
 */
export async function signingKeyId(paths: StoragePaths, manifest: Manifest, name: string): Promise<string | null> {
  const layers = layersByTitle(manifest);
  const layer = mainTitles(name)
    .map((title) => layers.get(signatureTitle(title)))
    .find((found) => found !== undefined);
  if (layer === undefined || layer.size > MAX_MINISIGN_FILE_BYTES) return null;
  const path = paths.blob(layer.digest);
  const stats = await paths.files.stat(path);
  if (stats === null || Number(stats.size) > MAX_MINISIGN_FILE_BYTES) return null;
  const text = (await paths.files.read(path))?.toString("latin1") ?? "";
  const signature = Buffer.from(HEAD.exec(text)?.[1] ?? "", "base64");
  if (signature.length < ALGORITHM_BYTES + KEY_ID_BYTES) return null;
  const id = signature.subarray(ALGORITHM_BYTES, ALGORITHM_BYTES + KEY_ID_BYTES);
  return Buffer.from(id).reverse().toString("hex").toUpperCase();
}
