/** `intake-child.ts ROOT COUNT` takes as many small blobs into the store under ROOT. */
import { createBlobStore } from "../../src/blobs/blob-store.ts";

const [root = "", count = ""] = process.argv.slice(2);
const store = createBlobStore({
  root,
  retry: { attempts: 1, patienceMs: 60_000, baseMs: 1, capMs: 1 },
  random: () => 0,
});
const intake = store.intake(new AbortController().signal);
for (let index = 0; index < Number(count); index += 1) await intake.add([Buffer.from(`blob ${index}`)], 0o644);
await intake.finish();
