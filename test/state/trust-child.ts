/** Advances a repository's serial in the database named by the first argument, over and over, as fast as it can. */
import { once } from "node:events";
import { hasCode } from "../../src/errors.ts";
import { openDatabase } from "../../src/state/database.ts";
import { createTrustStore } from "../../src/state/trust.ts";
import { trustRecord } from "./trust-record.ts";

const [path = "", seed = "1"] = process.argv.slice(2);
process.stdout.write("ready\n");
await once(process.stdin, "data");
const database = openDatabase(path);
const store = createTrustStore(database);
for (let round = 1; round <= 60; round += 1) {
  const basis = store.get("tools");
  // Each process has numbers of its own, some of them lower than what another has written since.
  const serial = round * 10 + Number(seed);
  try {
    store.advance(trustRecord({ serial }), basis);
  } catch (error) {
    if (!hasCode(error, "STATE_CHANGED")) throw error;
  }
}
database.close();
process.stdout.write("done\n");
process.stdin.destroy();
