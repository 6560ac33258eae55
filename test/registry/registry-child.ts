/** Serves `argv[2]` until it is killed; says its URL on standard output. */
import { startRegistry } from "../../src/registry/server.ts";

const server = await startRegistry({ root: process.argv[2] ?? "", port: 0 });
process.stdout.write(`${server.url}\n`);
