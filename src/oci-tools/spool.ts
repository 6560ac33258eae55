import { join } from "node:path";
import { withTemporaryDirectory } from "../fs/temporary-directory.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";

/** Copies a stream to a temporary file and runs `work` on it: a push needs the digest before it sends anything. */
export function withSpooled<T>(source: AsyncIterable<Uint8Array>, work: (path: string) => Promise<T>): Promise<T> {
  return withTemporaryDirectory("pkg-stdin-", async (directory) => {
    const path = join(directory, "content");
    await writeStreamAtomic(path, source, 0o600);
    return await work(path);
  });
}
