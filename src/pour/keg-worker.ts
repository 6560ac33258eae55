/** The code of a thread that takes kegs in: started by keg-threads.ts, never imported. */
import { type MessagePort, parentPort } from "node:worker_threads";
import { ByteBudget } from "../base/byte-budget.ts";
import { optimizeLater } from "../base/optimizing.ts";
import { DEFAULT_RETRY_POLICY } from "../base/retry.ts";
import { type BlobStore, createBlobStore } from "../blobs/blob-store.ts";
import { PkgError } from "../errors.ts";
import { type FromThread, type KegJob, sentError, type ToThread } from "./keg-messages.ts";
import { Pieces } from "./pieces.ts";
import { takeKeg } from "./take-keg.ts";

/** How much of their files all bottles of one thread hold in memory, in bytes. */
const MAX_HELD_BYTES = 128 * 1024 ** 2;
const budget = new ByteBudget(MAX_HELD_BYTES);

parentPort?.on("message", (job: KegJob) => {
  // Here, not before the thread is started: it reads Node's own code caches then.
  optimizeLater();
  serve(job);
});

const stores = new Map<string, BlobStore>();

/** Nothing is fetched into it here. */
function storeIn(root: string): BlobStore {
  const store = stores.get(root) ?? createBlobStore({ root, retry: DEFAULT_RETRY_POLICY, random: () => 0 });
  stores.set(root, store);
  return store;
}

/** Takes one keg in. What it wrote is kept, or removed, when it is told so. */
function serve({ keg, prefix, limits, root, port }: KegJob): void {
  const controller = new AbortController();
  const { signal } = controller;
  const intake = storeIn(root).intake(signal);
  const pieces = new Pieces((spare) => send(port, { kind: "more", spare }, spare === null ? [] : [spare]));
  const taking = takeKeg({ keg, prefix, limits, source: pieces.all(), intake, budget, signal }).then(
    (taken) => send(port, { kind: "taken", keg: taken }),
    (error: unknown) => send(port, { kind: "failed", error: sentError(error) }),
  );
  const ends = {
    finish: async () => {
      await intake.finish();
      send(port, { kind: "finished" });
    },
    abandon: async () => {
      controller.abort();
      pieces.fail(new PkgError("INTERRUPTED", "Interrupted"));
      await taking;
      send(port, { kind: "abandoned", added: await intake.abandon() });
    },
  };
  port.on("message", (message: ToThread) => {
    if (message.kind === "piece") pieces.add(message.bytes);
    else if (message.kind === "end") pieces.add(null);
    else ends[message.kind]().catch((error: unknown) => send(port, { kind: "failed", error: sentError(error) }));
  });
}

function send(port: MessagePort, message: FromThread, given: ArrayBuffer[] = []): void {
  port.postMessage(message, given);
}
