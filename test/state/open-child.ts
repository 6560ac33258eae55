/** Opens the database named by the first argument as soon as a line comes in, and says the number of its tables. */
import { once } from "node:events";
import { openDatabase } from "../../src/state/database.ts";

process.stdout.write("ready\n");
await once(process.stdin, "data");
const database = openDatabase(process.argv[2] ?? "");
const row = database.get<{ tables: number }>("SELECT count(*) AS tables FROM sqlite_schema WHERE type = 'table'");
database.close();
process.stdout.write(`tables ${row?.tables}\n`);
process.stdin.destroy();
