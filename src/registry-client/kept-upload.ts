import { join } from "node:path";
import { hashHex } from "../base/hashes.ts";
import { asObject, parseJsonOrNull } from "../base/json.ts";
import { hasCode } from "../errors.ts";
import { privateDirectory } from "../fs/directories.ts";
import { PartialFile } from "../fs/partial-file.ts";
import { repositoryPath } from "./endpoints.ts";
import type { UploadPlace, UploadState } from "./upload-place.ts";

/** Private, because a Location may grant write access. */
const FILE_MODE = 0o600;
const MAX_FILE_BYTES = 16 * 1024;

/**
 * The saved state of one upload, which outlives the process: a small file that belongs to one process at a time, like a
 * partial file. Two processes that push the same blob do not share an upload.
 */
export class KeptUpload {
  /** Where an earlier process stopped; null: unknown. */
  readonly state: UploadState | null;
  readonly #file: PartialFile;
  readonly #subject: Subject;

  private constructor(file: PartialFile, subject: Subject, state: UploadState | null) {
    this.#file = file;
    this.#subject = subject;
    this.state = state;
  }

  /** Opens the saved state; null if nothing can be written, in which case the upload is not saved. */
  static async open(directory: string, place: UploadPlace, signal: AbortSignal): Promise<KeptUpload | null> {
    const subject = subjectOf(place);
    const name = `upload-${hashHex("sha256", Buffer.from(JSON.stringify(subject)))}`;
    try {
      privateDirectory(directory);
      const file = await PartialFile.open(join(directory, name), true, FILE_MODE);
      return new KeptUpload(file, subject, await readState(file, subject, signal));
    } catch (error) {
      if (hasCode(error, "PERMISSION_DENIED", "DISK_FULL", "FILE_SYSTEM")) return null;
      throw error;
    }
  }

  /** Saves the state; errors such as a full disk are ignored, as they must not stop the push. */
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

  /** Keeps the state for the next process that pushes this blob. */
  release(): Promise<void> {
    return this.#file.offset > 0 ? this.#file.release() : this.#file.discard();
  }

  discard(): Promise<void> {
    return this.#file.discard();
  }
}

/** What an upload is for: it cannot be used for anything else. */
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
