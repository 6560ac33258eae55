import { randomUUID } from "node:crypto";
import { HOUR_MS } from "../base/duration.ts";
import { PARTIAL_LIFE_MS } from "../base/limits.ts";
import { hasCode } from "../errors.ts";
import type { Digest, DigestAlgorithm } from "../oci/digest.ts";
import { Problem } from "./problem.ts";
import { rootPath } from "./root-path.ts";
import type { StoragePaths } from "./storage-paths.ts";
import { Upload } from "./upload.ts";

const MAX_OPEN_UPLOADS = 1024;

/** The files in the directory of an upload: the repository's name, and the bytes that arrived. */
const NAME_FILE = "repository";
const DATA_FILE = "data";

/** Uploads in progress; the bytes that arrived are on disk and outlive the process. */
export interface Uploads {
  /** @throws {Problem} TOOMANYREQUESTS */
  start(name: string, algorithm: DigestAlgorithm): Promise<Upload>;
  /** @throws {Problem} BLOB_UPLOAD_UNKNOWN */
  find(name: string, id: string): Promise<Upload>;
  cancel(upload: Upload): Promise<void>;
  /** Checks the digest and moves the bytes into the shared blobs, durably. @throws {Problem} DIGEST_INVALID */
  finish(upload: Upload, digest: Digest): Promise<void>;
}

/**
 * Opens the uploads of an earlier process; those that have not been continued for a week are removed.
 *
 * @param now milliseconds since 1970
 */
export async function openUploads(paths: StoragePaths, now: number): Promise<Uploads> {
  const uploads = new Map<string, Upload>();
  for (const { name: id } of await paths.files.list(paths.uploads)) {
    const upload = await reopen(paths, id, now);
    if (upload === null) await paths.files.removeAll(paths.upload(id));
    else uploads.set(id, upload);
  }
  return methods(paths, uploads);
}

function methods(paths: StoragePaths, uploads: Map<string, Upload>): Uploads {
  async function cancel(upload: Upload): Promise<void> {
    uploads.delete(upload.id);
    await paths.files.removeAll(paths.upload(upload.id));
  }
  return {
    async start(name, algorithm) {
      const idle = uploads.size < MAX_OPEN_UPLOADS ? null : longestIdle(uploads.values());
      if (idle !== null) await cancel(idle);
      if (uploads.size >= MAX_OPEN_UPLOADS) throw tooMany();
      const upload = await create(paths, name, algorithm);
      uploads.set(upload.id, upload);
      return upload;
    },
    async find(name, id) {
      const upload = uploads.get(id);
      if (upload?.name !== name) throw unknown(id);
      await upload.settled();
      return upload;
    },
    cancel,
    async finish(upload, digest) {
      if (!uploads.has(upload.id)) throw unknown(upload.id);
      try {
        await upload.seal(digest);
        await paths.files.rename(upload.path, paths.blob(digest));
      } finally {
        if (upload.isSealed) await cancel(upload);
      }
    },
  };
}

async function create({ files, upload }: StoragePaths, name: string, algorithm: DigestAlgorithm): Promise<Upload> {
  const id = randomUUID();
  const directory = upload(id);
  files.makeDirectory(directory);
  await files.create(rootPath(directory, NAME_FILE), name);
  const path = rootPath(directory, DATA_FILE);
  // Written last: an upload without it does not count.
  await files.create(path, "");
  return new Upload({ id, name, files, path, size: 0, algorithm, touchedAt: Date.now() });
}

/** Null for an upload that is stale, for one that a killed process left incomplete, and for what is no upload at all. */
async function reopen({ files, upload }: StoragePaths, id: string, now: number): Promise<Upload | null> {
  const path = rootPath(upload(id), DATA_FILE);
  try {
    const [stats, bytes] = [await files.stat(path), await files.read(rootPath(upload(id), NAME_FILE))];
    if (stats === null || bytes === null || now - Number(stats.mtimeMs) > PARTIAL_LIFE_MS) return null;
    const [size, touchedAt] = [Number(stats.size), Number(stats.mtimeMs)];
    return new Upload({ id, name: bytes.toString("utf8"), files, path, size, algorithm: "sha256", touchedAt });
  } catch (error) {
    // A link, or something else that the registry did not put there.
    if (hasCode(error, "FILE_SYSTEM")) return null;
    throw error;
  }
}

/** The upload that has been idle longest: uploads that clients gave up must not keep others out. */
function longestIdle(uploads: Iterable<Upload>): Upload | null {
  const idle = [...uploads].filter((upload) => !upload.isBusy && Date.now() - upload.touchedAt > HOUR_MS);
  return idle.toSorted((a, b) => a.touchedAt - b.touchedAt)[0] ?? null;
}

function unknown(id: string): Problem {
  return new Problem("BLOB_UPLOAD_UNKNOWN", `upload "${id}" is not known`);
}

function tooMany(): Problem {
  return new Problem("TOOMANYREQUESTS", "too many uploads are open", { headers: { "retry-after": "60" } });
}
