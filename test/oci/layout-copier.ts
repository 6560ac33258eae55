import { setTimeout as delay } from "node:timers/promises";
import type { Source } from "../../src/oci/content.ts";
import { copy } from "../../src/oci/copy.ts";
import { openLayout } from "../../src/oci-layout/layout.ts";
import { copyOptions } from "./sample-graph.ts";

/** Copies tag `1` of one layout into another, slowly enough to be killed in between: run as a process of its own. */
const [from = "", to = ""] = process.argv.slice(2);
const layout = openLayout(from);
const slow: Source = {
  ...layout,
  async openBlob(blob, position, signal) {
    const stream = await layout.openBlob(blob, position, signal);
    const body = async function* () {
      let count = 0;
      for await (const chunk of stream.body) {
        count += 1;
        if (count > 24) await delay(20);
        yield chunk;
      }
    };
    return { ...stream, body: body() };
  },
};
await copy(slow, openLayout(to), copyOptions());
