import { join } from "node:path";
import { hashHex } from "../base/hashes.ts";
import { asObject, parseJsonOrNull } from "../base/json.ts";
import { hasCode } from "../errors.ts";
import { makeDirectory } from "../fs/atomic.ts";
import { PartialFile } from "../fs/partial-file.ts";
import { repositoryPath } from "./endpoints.ts";
import type { UploadPlace, UploadState } from "./upload-place.ts";

/** A Location may hold the right to write. */
const FILE_MODE = 0o600;
const MAX_FILE_BYTES = 16 * 1024;

/**
 * The memory of one upload, which outlives the process: a small file that belongs to one process at a time, as partial
 * files do. Two that push the same blob do not get hold of the same upload.
 */
export class KeptUpload {
  /** Where an earlier process left off; null: it is not known. */
  readonly state: UploadState | null;
  readonly #file: PartialFile;
  readonly #subject: Subject;

  private constructor(file: PartialFile, subject: Subject, state: UploadState | null) {
    this.#file = file;
    this.#subject = subject;
    this.state = state;
  }

  /** Null where nothing can be written: then the upload is not kept. */
  static async open(directory: string, place: UploadPlace, signal: AbortSignal): Promise<KeptUpload | null> {
    const subject = subjectOf(place);
    const name = `upload-${hashHex("sha256", Buffer.from(JSON.stringify(subject)))}`;
    try {
      makeDirectory(directory);
      const file = await PartialFile.open(join(directory, name), true, FILE_MODE);
      return new KeptUpload(file, subject, await readState(file, subject, signal));
    } catch (error) {
      if (hasCode(error, "PERMISSION_DENIED", "DISK_FULL", "FILE_SYSTEM")) return null;
      throw error;
    }
  }

  /** A full disk does not stop a push. */
  async keep({ url, minChunkBytes }: UploadState): Promise<void> {
    const text = JSON.stringify({ ...this.#subject, location: url.href, minChunkBytes });
    if (text.length > MAX_FILE_BYTES) return;
    try {
      await this.#file.truncate();
      await this.#file.append(Buffer.from(text));
    } catch (error) {
      if (!hasCode(error, "PERMISSION_DENIED", "DISK_FULL", "FILE_SYSTEM")) throw error;
    }
  }

  /** For whoever pushes this blob next. */
  release(): Promise<void> {
    return this.#file.offset > 0 ? this.#file.release() : this.#file.discard();
  }

  discard(): Promise<void> {
    return this.#file.discard();
  }
}

/** What an upload is good for, and nothing else. */
type Subject = Readonly<Record<"registry" | "repository" | "digest", string>>;

function subjectOf({ endpoint, reference, digest }: UploadPlace): Subject {
  return { registry: endpoint.base.href, repository: repositoryPath(reference), digest };
}

async function readState(file: PartialFile, subject: Subject, signal: AbortSignal): Promise<UploadState | null> {
  if (file.offset === 0 || file.offset > MAX_FILE_BYTES) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of file.read(signal)) chunks.push(Buffer.from(chunk));
  const kept = asObject(parseJsonOrNull(Buffer.concat(chunks)));
  if (kept === null || Object.entries(subject).some(([name, value]) => kept[name] !== value)) return null;
  const { location, minChunkBytes } = kept;
  if (typeof location !== "string" || !URL.canParse(location)) return null;
  return { url: new URL(location), minChunkBytes: typeof minChunkBytes === "number" ? minChunkBytes : 0 };
}
