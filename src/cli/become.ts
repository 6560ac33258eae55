import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Environment } from "../base/environment.ts";
import type { Program } from "../commands/program.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { willStart } from "./may-replace.ts";

/** The process that another program is run from. */
export interface OwnProcess {
  readonly env: Environment;
  readonly arch: string;
  /** Its standard streams, as far as they have been used. */
  readonly streams: readonly object[];
  /** From now on, gives the signals that this process is sent to `take` alone. */
  readonly passSignals: (take: (signal: NodeJS.Signals) => void) => void;
  /** Whether a terminal sends its signals to the other program too. */
  readonly isOnTerminal: boolean;
  /** Replaces this process; absent where the system cannot. */
  readonly execve?: typeof process.execve;
}

/** How a program ended. */
export interface ProgramEnd {
  /** Its exit code; 128 and the number of the signal that killed it. */
  readonly code: number;
  /** The signal that killed it; null: none. */
  readonly signal: NodeJS.Signals | null;
}

/** All arguments and variables together; Linux takes 2 MiB and more, and a replaced process could not say that it was too much. */
const MAX_REPLACED_BYTES = 128 * 1024;

/**
 * Runs a program with the streams, the directory and the terminal of this process: in its place where that can be, so that nothing is
 * between it and whoever started it; else beside it, with signals passed on.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM when it cannot be started
 */
export async function become(program: Program, own: OwnProcess): Promise<ProgramEnd> {
  const env = environmentFor(program, own.env);
  if (program.afterwards === null && mayReplace(program, env, own)) replace(program, env, own);
  try {
    return await runBeside(program, env, own);
  } finally {
    await program.afterwards?.();
  }
}

/** The variables that a program is given. */
export function environmentFor({ variables }: Program, env: Environment): Record<string, string> {
  const all = Object.entries({ ...env, ...variables });
  return Object.fromEntries(all.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
}

function mayReplace({ file, words }: Program, env: Record<string, string>, { execve, arch }: OwnProcess): boolean {
  if (execve === undefined) return false;
  const texts = [...words, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 9, 0);
  return bytes <= MAX_REPLACED_BYTES && texts.every((text) => !text.includes("\0")) && willStart(file, arch);
}

/** Does not return. What Node has changed for itself is as it was: blocking streams, and signals that it ignores. */
function replace({ file, words }: Program, env: Record<string, string>, { execve, streams }: OwnProcess): void {
  for (const stream of streams) setBlocking(stream);
  // A handler is gone in the new program, whereas it would go on to ignore what this one ignores.
  for (const signal of ["SIGPIPE", "SIGXFSZ"]) process.on(signal, () => {});
  execve?.call(process, file, words, env);
}

/** What shares the stream with this process would find that reading it fails instead of waiting. */
function setBlocking(stream: object): void {
  const handle: unknown = "_handle" in stream ? stream._handle : null;
  if (typeof handle !== "object" || handle === null || !("setBlocking" in handle)) return;
  if (typeof handle.setBlocking === "function") handle.setBlocking(true);
}

async function runBeside(program: Program, env: Record<string, string>, own: OwnProcess): Promise<ProgramEnd> {
  const { file, words } = program;
  const [name, ...args] = words;
  try {
    return await ended(spawn(file, args, { argv0: name, env, stdio: "inherit" }), own);
  } catch (error) {
    // A script that does not say what reads it: a shell would read it itself.
    if (systemCode(error) !== "ENOEXEC") throw await cannotStart(file, error);
    return await ended(spawn("/bin/sh", [file, ...args], { env, stdio: "inherit" }), own);
  }
}

async function ended(child: ChildProcess, { passSignals, isOnTerminal }: OwnProcess): Promise<ProgramEnd> {
  passSignals((signal) => {
    // Ctrl-C on a terminal reaches both.
    if (signal !== "SIGINT" || !isOnTerminal) child.kill(signal);
  });
  const end = Promise.withResolvers<ProgramEnd>();
  child.once("error", end.reject);
  child.once("exit", (code, signal) => {
    end.resolve({ code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), signal });
  });
  return await end.promise;
}

async function cannotStart(file: string, error: unknown): Promise<Error> {
  const { isOnNoexec, NOEXEC, NOEXEC_CURE } = await import("../fs/noexec.ts");
  if (systemCode(error) === "EACCES" && isOnNoexec(file)) {
    const options = { cause: error, hint: NOEXEC_CURE };
    return new PkgError("PERMISSION_DENIED", `Cannot run "${file}": ${NOEXEC} (EACCES)`, options);
  }
  if (systemCode(error) !== "ENOENT") return fileSystemError(error, `run "${file}"`);
  return new PkgError(
    "FILE_SYSTEM",
    `Cannot run "${file}": it, or the program that it is run by, is missing (ENOENT)`,
    {
      cause: error,
    },
  );
}
