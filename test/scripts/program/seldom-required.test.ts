import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, test } from "node:test";
import { build } from "esbuild";
import { seldomRequired } from "../../../scripts/program/seldom-required.ts";
import { tempDirectory } from "../../support/temp-home.ts";

const directory = tempDirectory({ after });

/** Makes a pool of connections, as the first request does, then has an assertion of undici fail. */
const PROGRAM = `
const Agent = require("undici/lib/dispatcher/agent.js");
const { getServerName } = require("undici/lib/core/util.js");
new Agent({ allowH2: true });
const loaded = ["http2", "tls", "http", "assert"].filter((name) => process.moduleLoadList.includes("NativeModule " + name));
let failure = null;
try { getServerName(1); } catch (error) { failure = [error.code, typeof error.message]; }
console.log(JSON.stringify({ loaded, failure }));`;

test("seldomRequired() lets undici be loaded without HTTP/2, TLS, Node's own client and its assertions", async () => {
  const outfile = join(directory, "program.cjs");
  await build({
    stdin: { contents: PROGRAM, resolveDir: join(import.meta.dirname, "..", "..", ".."), loader: "js" },
    ...{ outfile, bundle: true, platform: "node", format: "cjs", logLevel: "error", plugins: [seldomRequired()] },
  });
  // What a certificate file of the environment has is read when TLS is loaded, by Node itself.
  const output = execFileSync(process.execPath, [outfile], { encoding: "utf8", env: {} });
  assert.deepEqual(JSON.parse(output), { loaded: [], failure: ["ERR_ASSERTION", "string"] });
});
