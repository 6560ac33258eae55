/** Keeps the database named by the first argument to itself, until 300 ms after a line comes in. */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { openSqlite } from "../../src/state/open-sqlite.ts";

const sqlite = openSqlite(process.argv[2] ?? "");
sqlite.exec("BEGIN EXCLUSIVE");
process.stdout.write("locked\n");
await once(process.stdin, "data");
await delay(300);
sqlite.close();
process.stdin.destroy();
