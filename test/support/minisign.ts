import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface MinisignResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real minisign in a directory; what it asks is answered from `input`. */
export function minisign(directory: string, args: readonly string[], input = ""): MinisignResult {
  const { status, stdout, stderr, error } = spawnSync("minisign", args, { cwd: directory, encoding: "utf8", input });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}

/** One run of minisign over files of its own. */
export interface OracleRun {
  /** By name. */
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  /** Words without anything that a shell reads. */
  readonly args: readonly string[];
  readonly input?: string;
}

/**
 * Which of many runs minisign ends well. One shell runs them all, which takes a fraction of the time that a process of
 * Node for each would.
 */
export function askMinisign(directory: string, runs: readonly OracleRun[]): readonly boolean[] {
  const place = mkdtempSync(join(directory, "oracle-"));
  // Runs that differ in one file share the others.
  const written = new Map<Uint8Array | string, string>();
  const fileOf = (content: Uint8Array | string) => {
    const name = written.get(content) ?? String(written.size);
    if (!written.has(content)) writeFileSync(join(place, name), content);
    written.set(content, name);
    return name;
  };
  const script = runs.map(({ files, args, input = "" }) => {
    if (args.some((word) => !/^[\w.+/=-]+$/.test(word))) throw new Error(`a shell would read ${args.join(" ")}`);
    const words = args.map((word) => (files[word] === undefined ? word : fileOf(files[word])));
    return `minisign ${words.join(" ")} <${fileOf(input)} >/dev/null 2>&1; echo $?`;
  });
  const { stdout, error } = spawnSync("sh", [], { cwd: place, encoding: "utf8", input: `${script.join("\n")}\n` });
  if (error !== undefined) throw error;
  const codes = stdout.trimEnd().split("\n");
  if (runs.length > 0 && codes.length !== runs.length)
    throw new Error(`${runs.length} runs gave ${codes.length} codes`);
  return codes.map((code) => code === "0");
}
