import { lstatSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "./errors.ts";
import { isOutputStream, openOutputStream } from "./new-file.ts";
import { specialKind } from "./read-file.ts";
import { typedOutputFile } from "./typed-output.ts";
import { expectWritable } from "./writable.ts";
import { writeStreamAtomic } from "./write-stream.ts";

/** A file that a person named for a result, and whether what is there may be replaced. */
export interface OutputFile {
  readonly path: string;
  /** With `--force`: a file, a FIFO, or a link itself is replaced; directories and devices never are. */
  readonly force: boolean;
  /** Permissions; default 0o644. */
  readonly mode?: number;
  /** What to type instead; default: another file, or `--force`. */
  readonly hint?: string;
  /** True: it is only checked that it could be written. */
  readonly dryRun?: boolean;
}

/** The hint where something is in the way. */
export const TAKEN_HINT = "Name another file, or overwrite it with --force";

/**
 * Refuses a place where something is already, even a link that leads nowhere, unless that may be replaced; to be called
 * before anything is fetched. Open streams such as `/dev/stdout`, and `/dev/null`, are never replaced but written to.
 *
 * @throws {PkgError} USAGE as typedOutputFile; PATH_CONFLICT; PERMISSION_DENIED, FILE_SYSTEM
 */
export function checkOutput({ path, force, hint = TAKEN_HINT }: Omit<OutputFile, "mode">): void {
  if (isOutputStream(path)) return;
  typedOutputFile(path);
  const stats = statsOf(path);
  if (stats === undefined) return;
  const kind = kindOf(stats);
  if (kind === "a directory" || kind === "a device") {
    throw new PkgError("PATH_CONFLICT", `Cannot write "${path}": it is ${kind}, expected a file`, {
      hint: "Name another file",
    });
  }
  if (force) return;
  const what = kind === null ? "it exists" : `it exists, and is ${kind}`;
  throw new PkgError("PATH_CONFLICT", `Cannot write "${path}": ${what}`, { hint });
}

/**
 * Writes a result to where a person named it, completely or not at all; to an open stream it is written as it comes. For a dry
 * run, the source is not read, and nothing is written.
 *
 * @returns bytes written
 * @throws {PkgError} as checkOutput, also for what appeared in the meantime; DISK_FULL; and what the source throws
 */
export async function writeOutput(
  output: OutputFile,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<number> {
  const { path, force, mode = 0o644, hint = TAKEN_HINT } = output;
  checkOutput(output);
  if (output.dryRun === true) {
    if (!isOutputStream(path)) expectWritable(dirname(path));
    return 0;
  }
  if (isOutputStream(path)) return writeToStream(path, source);
  try {
    return await writeStreamAtomic(path, source, mode, force ? "replace" : "refuse");
  } catch (error) {
    if (!(error instanceof PkgError) || systemCode(error.cause) !== "EEXIST") throw error;
    throw new PkgError("PATH_CONFLICT", `Cannot write "${path}": it exists`, { hint, cause: error });
  }
}

/**
 * Refuses to replace what this program did not make: a file of its own is a plain file. For files that are renewed
 * without a question, such as an index and its signatures.
 *
 * @throws {PkgError} PATH_CONFLICT for a link, a FIFO, a device or a directory; PERMISSION_DENIED, FILE_SYSTEM
 */
export function refuseSpecialOutput(path: string): void {
  const stats = statsOf(path);
  const kind = stats === undefined ? null : kindOf(stats);
  if (kind === null) return;
  throw new PkgError("PATH_CONFLICT", `Cannot write "${path}": it is ${kind}, expected a file or nothing`, {
    hint: "Remove it, or name another place",
  });
}

async function writeToStream(path: string, source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
  let size = 0;
  try {
    const handle = await openOutputStream(path);
    try {
      for await (const chunk of source) {
        for (let done = 0; done < chunk.byteLength; ) done += (await handle.write(chunk, done)).bytesWritten;
        size += chunk.byteLength;
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileSystemError(error, `write "${path}"`);
  }
  return size;
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw fileSystemError(error, `write "${path}"`);
  }
}

/** Null for a plain file. */
function kindOf(stats: Stats): string | null {
  if (stats.isSymbolicLink()) return "a link";
  return stats.isDirectory() ? "a directory" : specialKind(stats);
}
