import type { BlobStore } from "../blobs/blob-store.ts";
import type { InstalledFile } from "../package/installation.ts";
import { readFacts } from "../programs/program-facts.ts";
import { executableFiles } from "./executable-files.ts";

/**
 * The executables of a package that came as a plain archive, by their paths: ELF programs and scripts with an executable bit,
 * wherever they lie, and links to them, with the files that they lead to. Libraries are none.
 *
 * @param textOf where a symlink leads
 * @throws {PkgError} FILE_SYSTEM, PERMISSION_DENIED
 */
export async function executablesOf(
  blobs: Pick<BlobStore, "pathOf">,
  files: readonly InstalledFile[],
  textOf: (file: InstalledFile) => string,
): Promise<ReadonlyMap<string, InstalledFile>> {
  const executable = executableFiles(
    files,
    files.map(({ path }) => path),
    textOf,
  );
  const isRun = new Map<string, boolean>();
  const found = new Map<string, InstalledFile>();
  for (const [path, file] of executable) {
    const known = isRun.get(file.digest) ?? (await isExecutable(blobs.pathOf(file.digest)));
    isRun.set(file.digest, known);
    if (known) found.set(path, file);
  }
  return found;
}

async function isExecutable(path: string): Promise<boolean> {
  const facts = await readFacts(path);
  return facts !== null && (facts.kind === "script" || (facts.kind === "elf" && facts.isProgram));
}
