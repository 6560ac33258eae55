/** The code of a thread that reads elements of an index: started by index-threads.ts, never imported. */
import { parentPort } from "node:worker_threads";
import { createBlockPacker } from "../index-database/block-writer.ts";
import { createEntryCollector, takeRun } from "../index-database/entry-collector.ts";
import { readRun } from "./read-run.ts";
import { elementsOf, type FromIndexThread, type RunJob } from "./run-messages.ts";

const blocks = createBlockPacker();
const collector = createEntryCollector(blocks.add);

parentPort?.on("message", (job: RunJob) => {
  const facts = readRun(elementsOf(job), job.context, collector);
  send({ kind: "read", facts, run: { ...takeRun(collector), blocks: blocks.take() } });
});
send({ kind: "ready" });

function send(message: FromIndexThread): void {
  parentPort?.postMessage(message);
}
