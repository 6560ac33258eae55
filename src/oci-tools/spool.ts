import { join } from "node:path";
import { withTemporaryDirectory } from "../fs/temporary-directory.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";

/** Keeps a stream in a file while `work` is done with it: what is pushed must be known before it is sent. */
export function withSpooled<T>(source: AsyncIterable<Uint8Array>, work: (path: string) => Promise<T>): Promise<T> {
  return withTemporaryDirectory("pkg-stdin-", async (directory) => {
    const path = join(directory, "content");
    await writeStreamAtomic(path, source, 0o600);
    return await work(path);
  });
}
