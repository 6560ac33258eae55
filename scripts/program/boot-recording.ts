/**
 * Starts the program as the executable does, from files in a directory, and writes down what it used: the chunks that
 * were loaded, and each script's code cache with what was compiled by then, which the next run begins with.
 */
import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Script } from "node:vm";
import { startProgram } from "./boot.ts";

const directory = process.env["RECORDING_DIRECTORY"] ?? "";
const settings: { entry: string; first: string; addons: Record<string, string> } = JSON.parse(
  readFileSync(join(directory, "program.json"), "utf8"),
);
const scripts = new Map<string, Script>();
const loaded = new Set<string>();
const requireNode = createRequire(__filename);

/** The addons come from the executable's assets. */
const sea = {
  isSea: () => true,
  getRawAsset: (name: string) => readFileSync(settings.addons[name] ?? join(directory, name)),
};

process.on("exit", keepRecord);

// A process that becomes another program does not exit.
const { execve } = process;
if (execve !== undefined)
  process.execve = (...words) => {
    keepRecord();
    return execve(...words);
  };

function keepRecord(): void {
  for (const [name, script] of scripts) put(`${name}.cache`, script.createCachedData());
  put(`${process.pid}.loaded`, JSON.stringify([...loaded]));
}

/** Another process may be recording too. */
function put(name: string, content: string | Uint8Array): void {
  const temporary = join(directory, `.${randomBytes(8).toString("hex")}`);
  writeFileSync(temporary, content);
  renameSync(temporary, join(directory, name));
}

function read(name: string): Buffer | null {
  try {
    return readFileSync(join(directory, name));
  } catch {
    return null;
  }
}

startProgram({
  ...settings,
  alone: false,
  asset: read,
  require: (name) => (name === "node:sea" ? sea : requireNode(name)),
  onChunk: (name) => loaded.add(name),
  onScript: (name, script) => {
    if (script.cachedDataRejected) throw new Error(`The code cache of ${name} is refused`);
    scripts.set(name, script);
  },
});
