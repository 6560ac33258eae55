import { formatCount } from "../base/age.ts";
import type { EmitEvent } from "../base/events.ts";
import { hashStream } from "../base/hashes.ts";
import { hasCode, PkgError } from "../errors.ts";
import { streamFile } from "../fs/read-file.ts";
import { openContainer } from "../index/container.ts";
import { INDEX_LIMITS, type ReadIndexResult, readIndex } from "../index/read-index.ts";
import type { IndexWriter } from "../index-database/package-index-writer.ts";
import { type Digest, sha256Digest } from "../oci/digest.ts";
import { createIndexThreads } from "./index-threads.ts";

export interface ContentRequest {
  /** The file that an index was fetched into. */
  readonly path: string;
  /** The repository's name. */
  readonly name: string;
  /** The platform of this machine, e.g. `x86_64-linux`. */
  readonly host: string;
  readonly writer: IndexWriter;
  readonly emit: EmitEvent;
  /** What cannot be done if it is refused, for the message. */
  readonly task: string;
}

export interface UnpackedIndex {
  readonly read: ReadIndexResult;
  /** The digest of the unpacked document. */
  readonly digest: Digest;
}

/** How much of an index is read from disk at a time. */
const READ_BYTES = 1024 * 1024;

/**
 * Reads a fetched index into a new one that is not in place yet. None of it is verified.
 *
 * @throws {PkgError} INDEX_INVALID, INDEX_TOO_LARGE; DISK_FULL, FILE_SYSTEM
 */
export async function readContent(request: ContentRequest): Promise<UnpackedIndex> {
  return naming(request.name, () => readUnnamed(request));
}

/** Runs `read`, whose errors do not know whose index it is. @throws {PkgError} what it throws, with the repository's name */
export async function naming<T>(name: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw hasCode(error, "INDEX_INVALID", "INDEX_TOO_LARGE") ? named(error, name) : error;
  }
}

function named({ code, message, hint, cause }: PkgError, name: string): PkgError {
  const ofName = message.replace(/^Cannot read the index: /, `Cannot read the index of "${name}": `);
  return new PkgError(code, ofName, { cause, ...(hint === undefined ? {} : { hint }) });
}

async function readUnnamed({ path, name, host, writer, emit }: ContentRequest): Promise<UnpackedIndex> {
  const file = streamFile(path, { pieceBytes: READ_BYTES });
  const document = hashStream(openContainer(file, INDEX_LIMITS), "sha256");
  const runs = createIndexThreads(writer.runs);
  try {
    const read = await readIndex(document.chunks, {
      host,
      limits: INDEX_LIMITS,
      known: writer.known,
      stamps: true,
      runs,
      onEntry: (entry, _written, stamp) => writer.add(entry, stamp),
      onElsewhere: (entry, stamp) => writer.addElsewhere(entry, stamp),
      onKnown: (element) => writer.keep(element),
      onSkipped: (reason) => emit({ kind: "detail", message: `${name}: skipped ${reason}` }),
    });
    return { read, digest: sha256Digest(document.hex()) };
  } finally {
    runs.close();
  }
}

/** Reports how many entries were skipped. @throws {PkgError} INDEX_INVALID when all of them were */
export function checkUsable(
  { name, emit, task }: Pick<ContentRequest, "name" | "emit" | "task">,
  { entries, skipped }: Pick<ReadIndexResult, "entries" | "skipped">,
): void {
  if (skipped === 0) return;
  const those = formatCount(skipped, "entry");
  emit({ kind: "warning", message: `${name}: ${those} skipped; --verbose shows why` });
  if (entries > 0) return;
  throw new PkgError("INDEX_INVALID", `Cannot ${task}: no entry of its index can be used, ${those} skipped`, {
    hint: `Run \`pkg sync ${name} --verbose\` to see why`,
  });
}
