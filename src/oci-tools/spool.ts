import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileSystemError } from "../fs/errors.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";

/** Keeps a stream in a file while `work` is done with it: what is pushed must be known before it is sent. */
export async function withSpooled<T>(
  source: AsyncIterable<Uint8Array>,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "pkg-stdin-")).catch((error: unknown) => {
    throw fileSystemError(error, `make a directory in "${tmpdir()}"`);
  });
  try {
    const path = join(directory, "content");
    await writeStreamAtomic(path, source, 0o600);
    return await work(path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
