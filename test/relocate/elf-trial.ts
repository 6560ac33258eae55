import assert from "node:assert/strict";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { RelocationFault } from "../../src/relocate/fault.ts";
import { relocateElf } from "../../src/relocate/relocate-elf.ts";
import { type ElfKind, elfKind } from "./elf-kind.ts";
import { MAY_RUN_STRANGERS, runStranger, runTool } from "./process.ts";

/** What is done to a file before it is relocated, beside the placeholders. */
export type Variant = "as it is" | "with appended data" | "without notes";

export interface Trial {
  readonly original: string;
  readonly variant: Variant;
  /** Empty, and made for this trial. */
  readonly directory: string;
  /** Directories with `lib/ld.so`, one shorter than the placeholder and one longer. */
  readonly prefixes: readonly string[];
  /** A program that loads the library which is its one argument. */
  readonly loader: string;
}

export type Outcome = { readonly kind: ElfKind | null } & (
  | { readonly result: "passed" | "unchanged" }
  /** By us, or by `patchelf`, which puts in the placeholders. */
  | { readonly result: "refused" | "not patchable" | "failed"; readonly why: string }
);

const PATH = "@@HOMEBREW_PREFIX@@/opt/other/lib:/build/lib:$ORIGIN/../lib";
const TAIL = Buffer.from("appended".repeat(125));

/** Gives a file placeholders, relocates it, and compares what it does with what `patchelf` makes of the same file. */
export async function tryElf(asked: Trial): Promise<Outcome> {
  const trial = asked.variant === "without notes" ? await withoutNotes(asked) : asked;
  let kind: ElfKind | null = null;
  try {
    kind = elfKind(readFileSync(trial.original));
    if (kind.form.startsWith("static")) return { kind, result: assertUnchanged(trial.original) };
    const complaint = await putPlaceholders(trial);
    if (complaint !== null) return { kind, result: "not patchable", why: complaint };
    for (const prefix of trial.prefixes) await assertMoves(trial, { prefix, isLibrary: kind.form === "library" });
    return { kind, result: "passed" };
  } catch (error) {
    if (error instanceof RelocationFault) return { kind, result: "refused", why: error.message };
    if (error instanceof assert.AssertionError) return { kind, result: "failed", why: error.message };
    throw error;
  }
}

function assertUnchanged(path: string): "unchanged" {
  const bytes = readFileSync(path);
  assert.equal(relocateElf(bytes, { path: "/a" }), bytes);
  return "unchanged";
}

async function withoutNotes(trial: Trial): Promise<Trial> {
  const original = join(trial.directory, "without-notes", basename(trial.original));
  mkdirSync(join(original, ".."));
  const { status } = await runTool("objcopy", ["--remove-section", ".note*", trial.original, original]);
  return status === 0 ? { ...trial, original } : trial;
}

function patched(trial: Trial): string {
  return join(trial.directory, "patched", basename(trial.original));
}

/** Null, or why `patchelf` cannot do it: some files it damages itself. */
async function putPlaceholders(trial: Trial): Promise<string | null> {
  const file = patched(trial);
  const complaint = await patchelf(trial, file, { interpreter: "@@HOMEBREW_PREFIX@@/lib/ld.so", path: PATH });
  if (complaint !== null) return complaint;
  if ((await complaints(file)) !== (await complaints(trial.original)))
    return "readelf complains of what it makes of it";
  if (trial.variant === "with appended data") writeFileSync(file, Buffer.concat([readFileSync(file), TAIL]));
  return null;
}

/** Copies the original to `target`, and sets both there. */
async function patchelf(
  { original, directory }: Trial,
  target: string,
  { interpreter, path }: { readonly interpreter: string; readonly path: string },
): Promise<string | null> {
  mkdirSync(join(target, ".."), { recursive: true });
  copyFileSync(original, target);
  chmodSync(target, 0o755);
  const words = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return `@${join(directory, name)}`;
  };
  const hasInterpreter = (await runTool("patchelf", ["--print-interpreter", original])).status === 0;
  const first = hasInterpreter ? ["--set-interpreter", words("interpreter", interpreter)] : [];
  const { status, stderr } = await runTool("patchelf", [...first, "--set-rpath", words("path", path), target]);
  return status === 0 ? null : `patchelf: ${stderr.trim()}`;
}

interface Move {
  readonly prefix: string;
  readonly isLibrary: boolean;
}

async function assertMoves(trial: Trial, { prefix, isLibrary }: Move): Promise<void> {
  const place = join(trial.directory, `to-${prefix.length}`);
  const [name, path] = [basename(trial.original), `${prefix}/opt/other/lib:$ORIGIN/../lib:${prefix}/lib`];
  const oracle = join(place, "oracle", name);
  const complaint = await patchelf(trial, oracle, { interpreter: `${prefix}/lib/ld.so`, path });
  assert.equal(complaint, null, "patchelf set placeholders, but not the prefix");
  const before = readFileSync(patched(trial));
  const after = relocateElf(before, { path: prefix });
  if (trial.variant === "with appended data") assertTail(before, after);
  const moved = write(join(place, "moved", name), after);
  assert.equal(await words(moved), await words(oracle), "interpreter and search path, as patchelf reads them");
  assert.equal(await complaints(moved), await complaints(patched(trial)), "what readelf -a complains of");
  assert.equal(await libraries(moved), await libraries(oracle), "what ldd finds");
  const start = (file: string) => outcomeOf(file, { loader: trial.loader, isLibrary });
  const expected = await start(oracle);
  assert.equal(await start(moved), expected, "how it starts");
  await assertSurvives(moved, { tool: ["strip"], oracle, start });
  await assertSurvives(moved, { tool: ["patchelf", "--set-rpath", `${prefix}/some/other/lib:${path}`], oracle, start });
}

/** Who reads it from the end finds it, and who knows where it began does. */
function assertTail(before: Buffer, after: Buffer): void {
  const at = before.length - TAIL.length;
  assert.ok(after.subarray(-TAIL.length).equals(TAIL), "the appended data is not at the end");
  assert.ok(after.subarray(at, before.length).equals(TAIL), "the appended data is not where it was");
}

function write(path: string, bytes: Uint8Array): string {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, bytes, { mode: 0o755 });
  return path;
}

async function words(file: string): Promise<string> {
  const [interpreter, path] = await Promise.all([
    runTool("patchelf", ["--print-interpreter", file]),
    runTool("patchelf", ["--print-rpath", file]),
  ]);
  return `${interpreter.stdout.trim()} ${path.stdout.trim()}`;
}

async function complaints(file: string): Promise<string> {
  return (await runTool("readelf", ["-aW", file])).stderr.replaceAll(file, "FILE");
}

/** The lines of `ldd`, without the addresses. */
async function libraries(file: string): Promise<string> {
  const { stdout, stderr } = await runTool("ldd", [file]);
  return `${stdout}${stderr}`.replaceAll(file, "FILE").replaceAll(/ \(0x[0-9a-f]+\)/g, "");
}

interface Starting {
  readonly loader: string;
  readonly isLibrary: boolean;
}

/** A library is loaded, with all of its symbols; a program is asked for its version, or only loaded by the kernel. */
function outcomeOf(file: string, { loader, isLibrary }: Starting): Promise<string> {
  if (isLibrary) return runStranger(loader, [file]);
  return MAY_RUN_STRANGERS ? runStranger(file, ["--version"]) : runStranger(file, [], { LD_TRACE_LOADED_OBJECTS: "1" });
}

interface Survival {
  readonly tool: readonly [string, ...string[]];
  readonly oracle: string;
  readonly start: (file: string) => Promise<string>;
}

/** What the tool makes of it starts as what the tool makes of the oracle, if it can do anything with that. */
async function assertSurvives(moved: string, { tool, oracle, start }: Survival): Promise<void> {
  const [name, ...options] = tool;
  const [ours, theirs] = [moved, oracle].map((file) => {
    const copy = write(
      join(file, "../..", `${basename(join(file, ".."))}-${name}`, basename(file)),
      readFileSync(file),
    );
    return copy;
  });
  if (ours === undefined || theirs === undefined) throw new Error("there are two");
  const reference = await runTool(name, [...options, theirs]);
  const { status, stderr } = await runTool(name, [...options, ours]);
  if (reference.status !== 0) return;
  assert.equal(status, 0, `${name} on what was moved: ${stderr.replaceAll(ours, "FILE")}`);
  const expected = await start(theirs);
  if (expected !== (await start(oracle))) return;
  assert.equal(await start(ours), expected, `how it starts after ${name}`);
}
