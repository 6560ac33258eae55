import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { startRegistry } from "../../src/registry/server.ts";
import { COMPILE_CACHE, MAIN } from "../support/pkg-process.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";
import type { Example } from "./examples.ts";

export interface DocWorld {
  /** Runs what a page says to type, in one home for all of it, and compares what is printed with what the page says. */
  check(example: Example): Promise<void>;
}

/** A registry that stands in for `ghcr.io`, and the program as `pkg`. */
export async function docWorld(test: Cleanup): Promise<DocWorld> {
  const home = tempDirectory(test);
  const registry = await startRegistry({ root: tempDirectory(test), port: 0 });
  test.after(() => registry.close());
  const bin = join(home, "tools");
  mkdirSync(bin);
  mkdirSync(join(home, ".pkg"));
  writeFileSync(join(home, ".pkg/config.toml"), NO_DEFAULT_REPOSITORIES);
  writeFileSync(join(bin, "pkg"), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  chmodSync(join(bin, "pkg"), 0o755);
  const { host } = new URL(registry.url);
  return { check: async (example) => comparePrinted(example, await run(example, { home, bin, host })) };
}

interface Place {
  readonly home: string;
  readonly bin: string;
  readonly host: string;
}

/** As it is written, but for the registry, and passphrases that somebody would have to type. */
async function run({ code, line }: Example, { home, bin, host }: Place): Promise<string> {
  const script = code.replaceAll("ghcr.io", host).replaceAll("pkg key generate", "pkg key generate --no-passphrase");
  const PATH = [bin, join(home, ".pkg/bin"), dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);
  const env = { HOME: home, PKG_HOME: join(home, ".pkg"), PATH, NO_COLOR: "1", LANG: "C.UTF-8", ...COMPILE_CACHE };
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

/** `…` stands for text that differs from run to run. */
function comparePrinted({ printed: expected }: Example, printed: string): void {
  if (expected === null) return;
  const parts = expected.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  assert.match(printed, new RegExp(`^${parts.join("[^\\n]*")}$`));
}
