import { randomUUID } from "node:crypto";
import { PARTIAL_LIFE_MS } from "../base/limits.ts";
import { Turns } from "../base/turns.ts";
import { hasCode } from "../errors.ts";
import type { Digest, DigestAlgorithm } from "../oci/digest.ts";
import type { DiskReserve } from "./disk-reserve.ts";
import { Problem } from "./problem.ts";
import { rootPath } from "./root-path.ts";
import type { StoragePaths } from "./storage-paths.ts";
import { Upload } from "./upload.ts";
import { type UploadLimits, UploadTable } from "./upload-table.ts";

/** Who started the uploads that an earlier process left: nobody who asks now. */
const EARLIER = "earlier";

/** The files in the directory of an upload: the repository's name, and the bytes that arrived. */
const NAME_FILE = "repository";
const DATA_FILE = "data";

/** Uploads in progress; the bytes that arrived are on disk and outlive the process. */
export interface Uploads {
  /**
   * @param client who starts it, see clientKey(); when a client has too many, its own oldest one is given up
   * @throws {Problem} TOOMANYREQUESTS
   * @throws {PkgError} DISK_FULL
   */
  start(name: string, algorithm: DigestAlgorithm, client: string): Promise<Upload>;
  /** @throws {Problem} BLOB_UPLOAD_UNKNOWN */
  find(name: string, id: string): Promise<Upload>;
  /** Must be called before an upload grows. @throws {Problem} TOOMANYREQUESTS when its client holds too many bytes */
  makeRoomFor(upload: Upload): Promise<void>;
  /** To be called before so many bytes are received. @throws {PkgError} DISK_FULL when they would fill the disk */
  checkRoom(bytes: number): Promise<void>;
  cancel(upload: Upload): Promise<void>;
  /** Checks the digest and moves the bytes into the shared blobs, durably. @throws {Problem} DIGEST_INVALID */
  finish(upload: Upload, digest: Digest): Promise<void>;
}

/** What uploads are kept in, and within. */
export interface UploadsOptions {
  readonly paths: StoragePaths;
  readonly reserve: DiskReserve;
  readonly limits: UploadLimits;
}

/**
 * Opens the uploads of an earlier process; those that have not been continued for a week are removed.
 *
 * @param now milliseconds since 1970
 */
export async function openUploads(options: UploadsOptions, now: number): Promise<Uploads> {
  const { paths, limits } = options;
  const table = new UploadTable(limits);
  for (const { name: id } of await paths.files.list(paths.uploads)) {
    const upload = await reopen(options, id, now);
    if (upload === null) await paths.files.removeAll(paths.upload(id));
    else table.add(upload, EARLIER);
  }
  return methods(options, table);
}

function methods(options: UploadsOptions, table: UploadTable): Uploads {
  const { paths, reserve } = options;
  const turns = new Turns(1);
  async function cancel(upload: Upload): Promise<void> {
    upload.giveUp();
    table.delete(upload);
    await paths.files.removeAll(paths.upload(upload.id));
  }
  async function cancelAll(next: () => Upload | "full" | null): Promise<void> {
    for (let upload = next(); upload !== null; upload = next()) {
      if (upload === "full") throw tooMany();
      await cancel(upload);
    }
  }
  return {
    // One at a time, so that they are counted.
    start: (name, algorithm, client) =>
      turns.run(async () => {
        await reserve.check();
        await cancelAll(() => table.nextToGo(client, Date.now()));
        const upload = await create(options, name, algorithm);
        table.add(upload, client);
        return upload;
      }),
    async find(name, id) {
      const upload = table.get(id);
      if (upload?.name !== name) throw unknown(id);
      await upload.settled();
      return upload;
    },
    makeRoomFor: (upload) => cancelAll(() => table.nextToGoFor(upload, Date.now())),
    checkRoom: (bytes) => reserve.checkRoom(bytes),
    cancel,
    async finish(upload, digest) {
      if (table.get(upload.id) === null) throw unknown(upload.id);
      try {
        await upload.seal(digest);
        await paths.files.rename(upload.path, paths.blob(digest));
      } finally {
        if (upload.isSealed) await cancel(upload);
      }
    },
  };
}

async function create({ paths, reserve }: UploadsOptions, name: string, algorithm: DigestAlgorithm): Promise<Upload> {
  const { files, upload } = paths;
  const id = randomUUID();
  const directory = upload(id);
  files.makeScratchDirectory(directory);
  await files.create(rootPath(directory, NAME_FILE), name);
  const path = rootPath(directory, DATA_FILE);
  // Written last: an upload without it does not count.
  await files.create(path, "");
  return new Upload({ id, name, files, reserve, path, size: 0, algorithm, touchedAt: Date.now() });
}

/** Null for an upload that is stale, for one that a killed process left incomplete, and for what is no upload at all. */
async function reopen({ paths, reserve }: UploadsOptions, id: string, now: number): Promise<Upload | null> {
  const { files, upload } = paths;
  const path = rootPath(upload(id), DATA_FILE);
  try {
    const [stats, bytes] = [await files.stat(path), await files.read(rootPath(upload(id), NAME_FILE))];
    if (stats === null || bytes === null || now - Number(stats.mtimeMs) > PARTIAL_LIFE_MS) return null;
    const [size, touchedAt] = [Number(stats.size), Number(stats.mtimeMs)];
    return new Upload({ id, name: bytes.toString("utf8"), files, reserve, path, size, algorithm: "sha256", touchedAt });
  } catch (error) {
    // A link, or something else that the registry did not put there.
    if (hasCode(error, "FILE_SYSTEM")) return null;
    throw error;
  }
}

function unknown(id: string): Problem {
  return new Problem("BLOB_UPLOAD_UNKNOWN", `upload "${id}" is not known`);
}

function tooMany(): Problem {
  return new Problem("TOOMANYREQUESTS", "too many uploads are open, or hold too much", {
    headers: { "retry-after": "60" },
  });
}
