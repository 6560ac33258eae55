import { createBlobStore } from "../../src/blobs/blob-store.ts";
import { PkgError } from "../../src/errors.ts";
import { digestOf, sampleBytes } from "./blob-sources.ts";

/** Arguments: store root, blob bytes, bytes after which the body stalls (never when it is the whole). */
const [root = "", length = "", stallAfter = ""] = process.argv.slice(2);
const bytes = sampleBytes(Number(length));
const store = createBlobStore({
  root,
  retry: { attempts: 1, patienceMs: 60_000, baseMs: 1, capMs: 1 },
  random: Math.random,
});

async function* body(offset: number): AsyncGenerator<Uint8Array> {
  for (let at = offset; at < bytes.byteLength; at += 65_536) {
    if (at >= Number(stallAfter)) await stall();
    yield bytes.subarray(at, at + 65_536);
  }
}

/** The parent kills this process when it has read the line; the timer only keeps the process alive until then. */
function stall(): Promise<never> {
  process.stdout.write("stalled\n");
  return new Promise(() => setInterval(() => {}, 1000));
}

const work = store.ingest({
  digest: digestOf(bytes),
  size: bytes.byteLength,
  maxBytes: bytes.byteLength,
  hashes: [],
  source: async ({ offset }) => ({ offset, size: bytes.byteLength, validator: '"v1"', body: body(offset) }),
  signal: new AbortController().signal,
});
const outcome = await work.then(
  (stored) => stored.digest,
  (error: unknown) => (error instanceof PkgError ? error.code : String(error)),
);
process.stdout.write(`${outcome}\n`);
