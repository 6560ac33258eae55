import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { buildProgram } from "../support/built-program.ts";
import { tempDirectory } from "../support/temp-home.ts";

/** Beside the pages of the executable itself, which the kernel maps, and counts, as many as it finds in its cache. */
const BOUND_BYTES = 80_000_000;
/** More than twice the bound: a blob that is kept in memory would show. `npm run bench` does the same with 2 GB. */
const BLOB_BYTES = 200 * 1024 * 1024;
const LOOK_MS = 5;

interface Watched {
  readonly name: string;
  /** The most memory of its own that was measured. */
  peakBytes: number;
}

function watchMemory(t: TestContext, name: string, child: ChildProcess): Watched {
  const watched = { name, peakBytes: 0 };
  const look = () => {
    watched.peakBytes = Math.max(watched.peakBytes, ownBytes(child.pid ?? 0));
  };
  const timer = setInterval(look, LOOK_MS);
  const stop = () => clearInterval(timer);
  child.once("close", stop);
  t.after(stop);
  return watched;
}

/** 0 once the process has ended. */
function ownBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

async function serve(t: TestContext, program: string, home: string) {
  const args = ["--home", home, "registry", "serve", "--root", join(home, "served"), "--port", "0"];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
  const closed = once(child, "close");
  t.after(async () => {
    child.kill("SIGKILL");
    await closed;
  });
  const [line] = await once(createInterface(child.stdout), "line");
  const [, host = ""] = /at http:\/\/(\S+);/.exec(String(line)) ?? [];
  return { host, watched: watchMemory(t, "registry serve", child) };
}

test("pkg oci moves a large blob, and the registry serves it, within a bound of memory that is not the blob's", {
  skip: process.platform === "linux" ? false : "only /proc says how much memory a process has",
  timeout: 240_000,
}, async (t) => {
  const directory = tempDirectory(t);
  const program = buildProgram(directory);
  const source = await serve(t, program, join(directory, "source"));
  const target = await serve(t, program, join(directory, "target"));
  writeFileSync(join(directory, "large.bin"), "");
  truncateSync(join(directory, "large.bin"), BLOB_BYTES);
  const all = [source.watched, target.watched];
  for (const words of [
    ["push", `${source.host}/a/large:v1`, "large.bin"],
    ["copy", `${source.host}/a/large:v1`, `${target.host}/a/large:v1`],
    ["copy", `${target.host}/a/large:v1`, "oci:layout:v1"],
    ["copy", "oci:layout:v1", "oci-archive:layout.tar:v1"],
    ["copy", "oci-archive:layout.tar:v1", `${source.host}/b/large:v1`],
    ["pull", `${target.host}/a/large:v1`, "-o", "pulled"],
  ]) {
    const child = spawn(program, ["--home", join(directory, "home"), "--quiet", "oci", ...words], {
      cwd: directory,
      stdio: ["ignore", "ignore", "inherit"],
    });
    all.push(watchMemory(t, words.join(" "), child));
    const [code] = await once(child, "close");
    assert.equal(code, 0, words.join(" "));
  }
  t.diagnostic(all.map(({ name, peakBytes }) => `${name.split(" ", 1)}: ${Math.round(peakBytes / 1e6)} MB`).join(", "));
  for (const { name, peakBytes } of all) {
    // A figure that was never read proves nothing.
    assert.ok(peakBytes > 10e6 && peakBytes <= BOUND_BYTES, `${name} had ${peakBytes} bytes`);
  }
});
