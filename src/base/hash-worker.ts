/** The code of the thread that hashes: started by hash-thread.ts, never imported. */
import { workerData } from "node:worker_threads";
import { HashRing, type RingMemory } from "./hash-ring.ts";
import { createMultiHash, type MultiHash } from "./hashes.ts";

const memory: RingMemory = workerData;
hashAll(new HashRing(memory));

/** Hashes what it is given for as long as the process lives. */
function hashAll(ring: HashRing): never {
  const hashes = new Map<number, MultiHash>();
  for (let number = 0; ; number++) {
    ring.awaitGiven(number);
    const { stream, begun, bytes } = ring.entry(number);
    if (begun.length > 0) hashes.set(stream, createMultiHash(begun));
    if (bytes !== null) hashes.get(stream)?.update(bytes);
    else ring.writeHashes(stream, hashes.get(stream)?.digest() ?? {});
    ring.finish();
  }
}
