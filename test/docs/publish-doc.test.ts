import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { after, before, suite, test } from "node:test";
import { type RegistryServer, startRegistry } from "../../src/registry/server.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { type Example, examplesOf } from "./examples.ts";

const ROOT = join(import.meta.dirname, "../..");
const EXAMPLES = examplesOf(readFileSync(join(ROOT, "docs/publish.md"), "utf8"));

suite("docs/publish.md", () => {
  const home = tempDirectory({ after });
  const root = tempDirectory({ after });
  const bin = join(home, "tools");
  let registry: RegistryServer;
  after(() => registry.close());

  before(async () => {
    registry = await startRegistry({ root, port: 0 });
    mkdirSync(bin);
    const program = join(bin, "pkg");
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, "src/main.ts")}" "$@"\n`);
    chmodSync(program, 0o755);
  });

  for (const example of EXAMPLES) {
    test(`line ${example.line}: ${example.code.split("\n", 1)[0]}`, async () => {
      const printed = await run(example);
      if (example.printed === null) return;
      const lines = printed.split("\n");
      const expected = example.printed.split("\n");
      assert.equal(lines.length, expected.length, printed);
      // Sizes and times stand behind what is told.
      for (const [index, line] of expected.entries()) {
        assert.equal((lines[index] ?? "").slice(0, line.length), line, printed);
      }
    });
  }

  /** As it is written, but for the registry, and a passphrase that somebody would have to type. */
  async function run({ code, line }: Example): Promise<string> {
    const { host } = new URL(registry.url);
    const script = code.replaceAll("ghcr.io", host).replace("pkg key generate", "pkg key generate --no-passphrase");
    const PATH = [bin, join(home, ".pkg/bin"), dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);
    const env = { HOME: home, PKG_HOME: join(home, ".pkg"), PATH, NO_COLOR: "1" };
    const child = spawn("sh", ["-e", "-c", script], { cwd: home, env, stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output.stderr += text;
    });
    const [status]: unknown[] = await once(child, "close");
    assert.equal(status, 0, `line ${line}: ${output.stderr}${output.stdout}`);
    return output.stdout.replaceAll(host, "ghcr.io");
  }
});
