import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { test } from "node:test";
import { type ServerProcess, startServer } from "../interop/process.ts";
import { COMPILE_CACHE, MAIN } from "../support/pkg-process.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { type Example, examplesOf } from "./examples.ts";

const EXAMPLES = examplesOf(readFileSync(join(import.meta.dirname, "../../docs/registry.md"), "utf8"));
const EXAMPLE_TIMEOUT_MS = 120_000;

test("docs/registry.md: every block of sh does what the page says", async (t) => {
  const home = tempDirectory(t);
  const bin = join(home, "tools");
  const servers: ServerProcess[] = [];
  t.after(() => Promise.all(servers.map((server) => server.stop())));
  /** Hosts as the page writes them, and where they are. */
  const hosts = new Map<string, string>();
  for (const directory of [bin, join(home, ".pkg")]) mkdirSync(directory);
  writeFileSync(join(home, ".pkg/config.toml"), NO_DEFAULT_REPOSITORIES);
  writeFileSync(join(bin, "pkg"), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  chmodSync(join(bin, "pkg"), 0o755);

  for (const example of EXAMPLES.filter(({ language }) => language === "sh")) await check(example);

  async function check({ code, printed, line }: Example): Promise<void> {
    // Garbage is collected while the registry is stopped.
    if (code.startsWith("pkg registry gc")) await Promise.all(servers.splice(0).map((server) => server.stop()));
    const lines = code.trimEnd().split("\n");
    const found = run(lines.filter((words) => !words.endsWith(" &")).join("\n"), line);
    for (const words of lines.filter((each) => each.endsWith(" &"))) await serve(words.replace(/ &$/, "").split(" "));
    if (printed !== null) assert.match(found, new RegExp(`^${printed.replace("…\n", "[^]*")}$`), `line ${line}`);
  }

  async function serve([program = "", ...words]: readonly string[]): Promise<void> {
    const told = words[words.indexOf("--port") + 1] ?? "";
    const args = (port: number) => words.map((word) => (word === told ? String(port) : word));
    const server = await startServer({ program: join(bin, program), args, directory: home, env: COMPILE_CACHE });
    servers.push(server);
    hosts.set(`127.0.0.1:${told}`, server.host);
  }

  function run(code: string, line: number): string {
    if (code === "") return "";
    const here = [...hosts].reduce((text, [told, found]) => text.replaceAll(told, found), code);
    const PATH = [bin, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);
    const env = { HOME: home, PKG_HOME: join(home, ".pkg"), PATH, NO_COLOR: "1", LANG: "C.UTF-8", ...COMPILE_CACHE };
    const { status, stdout, stderr } = spawnSync("sh", ["-e", "-c", here], {
      cwd: home,
      env,
      encoding: "utf8",
      timeout: EXAMPLE_TIMEOUT_MS,
      stdio: ["ignore", "pipe", "pipe"],
    });
    assert.equal(status, 0, `line ${line}: ${stderr}${stdout}`);
    return stdout;
  }
});
