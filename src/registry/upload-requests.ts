import type { Digest } from "../oci/digest.ts";
import { isDigest } from "../oci/digest.ts";
import { answer, bodyOf, type Exchange, methodNotAllowed } from "./exchange.ts";
import { Problem } from "./problem.ts";
import { parseBlobDigest, parseName } from "./route.ts";
import type { Upload } from "./uploads.ts";

/** POST: a mount, a whole blob with `?digest=`, or the start of an upload (OCI distribution-spec 1.1, "Pushing Blobs"). */
export async function handleUploads(exchange: Exchange, name: string): Promise<void> {
  if (exchange.method !== "POST") throw methodNotAllowed(exchange, ["POST"]);
  if (await mount(exchange, name)) return;
  const digest = exchange.query.get("digest");
  const checked = digest === null ? null : parseBlobDigest(digest);
  const upload = await exchange.uploads.start(name);
  if (checked === null) return answerProgress(exchange, upload, 202);
  await appendOrCancel(exchange, upload);
  await finish(exchange, upload, checked);
}

/** GET, PATCH, PUT and DELETE of an upload in progress. */
export async function handleUpload(exchange: Exchange, name: string, id: string): Promise<void> {
  const upload = exchange.uploads.find(name, id);
  switch (exchange.method) {
    case "GET":
      return answerProgress(exchange, upload, 204);
    case "PATCH":
      await appendChunk(exchange, upload);
      return answerProgress(exchange, upload, 202);
    case "PUT":
      return closeUpload(exchange, upload);
    case "DELETE":
      await exchange.uploads.cancel(upload);
      return answer(exchange, 204, {});
    default:
      throw methodNotAllowed(exchange, ["GET", "PATCH", "PUT", "DELETE"]);
  }
}

/** False when there is nothing to mount: the client then uploads. */
async function mount(exchange: Exchange, name: string): Promise<boolean> {
  const [digest, from] = [exchange.query.get("mount"), exchange.query.get("from")];
  if (digest === null || from === null || !isDigest(digest)) return false;
  if ((await exchange.storage.blobSize(parseName(from), digest)) === null) return false;
  await exchange.storage.linkBlob(name, digest);
  answerCreated(exchange, name, digest);
  return true;
}

async function closeUpload(exchange: Exchange, upload: Upload): Promise<void> {
  const digest = exchange.query.get("digest");
  if (digest === null) throw new Problem("DIGEST_INVALID", "the closing PUT names no digest");
  const checked = parseBlobDigest(digest);
  await appendChunk(exchange, upload);
  await finish(exchange, upload, checked);
}

async function finish(exchange: Exchange, upload: Upload, digest: Digest): Promise<void> {
  await exchange.uploads.finish(upload, digest);
  await exchange.storage.linkBlob(upload.name, digest);
  answerCreated(exchange, upload.name, digest);
}

async function appendChunk(exchange: Exchange, upload: Upload): Promise<void> {
  const header = exchange.request.headers["content-range"];
  if (header === undefined) return upload.append(bodyOf(exchange.request), null);
  const [, first, last] = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/.*)?$/.exec(header) ?? [];
  if (first === undefined || last === undefined || Number(first) !== upload.size) {
    throw new Problem("BLOB_UPLOAD_INVALID", `expected a chunk from byte ${upload.size}, found "${header}"`, {
      status: 416,
      headers: progressHeaders(upload),
    });
  }
  await upload.append(bodyOf(exchange.request), Number(last) - Number(first) + 1);
}

async function appendOrCancel(exchange: Exchange, upload: Upload): Promise<void> {
  try {
    await upload.append(bodyOf(exchange.request), null);
  } catch (error) {
    await exchange.uploads.cancel(upload);
    throw error;
  }
}

function answerProgress(exchange: Exchange, upload: Upload, status: number): void {
  answer(exchange, status, progressHeaders(upload));
}

function progressHeaders(upload: Upload): Record<string, string> {
  return {
    location: `/v2/${upload.name}/blobs/uploads/${upload.id}`,
    // The range's end is inclusive, so an empty upload has none to tell and says 0 as others do.
    range: `0-${Math.max(0, upload.size - 1)}`,
    "docker-upload-uuid": upload.id,
  };
}

function answerCreated(exchange: Exchange, name: string, digest: Digest): void {
  answer(exchange, 201, { location: `/v2/${name}/blobs/${digest}`, "docker-content-digest": digest });
}
