import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { readProgram } from "../package/elf.ts";
import type { StoragePaths } from "./storage-paths.ts";

/**
 * True unless the main file of an artifact is here and is no program, of any machine: `pkg install` would refuse it. A directory
 * of programs comes in an archive, which is not looked into.
 *
 * @param name the last word of its repository
 */
export async function mayBeProgram(paths: StoragePaths, manifest: Manifest, name: string): Promise<boolean> {
  const layer = layersByTitle(manifest).get(name);
  if (layer === undefined) return true;
  const file = await paths.files.openToRead(paths.blob(layer.digest));
  if (file === null) return true;
  try {
    const facts = await readProgram(async (offset, length) => {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    });
    return facts.kind === "script" || (facts.kind === "elf" && facts.isProgram);
  } finally {
    await file.close();
  }
}
