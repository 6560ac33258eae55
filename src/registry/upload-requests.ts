import { byteCount } from "../base/format-bytes.ts";
import { type Digest, type DigestAlgorithm, isDigest } from "../oci/digest.ts";
import { answer, bodyOf, type Exchange, methodNotAllowed } from "./exchange.ts";
import { Problem } from "./problem.ts";
import { parseBlobDigest, parseName } from "./route.ts";
import type { Upload } from "./upload.ts";

/** POST: a mount, a whole blob with `?digest=`, or a new upload (OCI distribution-spec 1.1, "Pushing Blobs"). */
export async function handleUploads(exchange: Exchange, name: string): Promise<void> {
  if (exchange.method !== "POST") throw methodNotAllowed(exchange, ["POST"]);
  const mounted = await mount(exchange, name);
  if (mounted !== null) return answerCreated(exchange, name, mounted);
  const digest = exchange.query.get("digest");
  const checked = digest === null ? null : parseBlobDigest(digest);
  const upload = await exchange.uploads.start(name, announcedAlgorithm(exchange), exchange.client());
  if (checked === null) return answerProgress(exchange, upload, 202);
  await appendOrCancel(exchange, upload);
  await finish(exchange, upload, checked);
}

/** GET, PATCH, PUT and DELETE of an upload in progress. */
export async function handleUpload(exchange: Exchange, name: string, id: string): Promise<void> {
  const upload = await exchange.uploads.find(name, id);
  switch (exchange.method) {
    case "GET":
    case "HEAD":
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
      throw methodNotAllowed(exchange, ["GET", "HEAD", "PATCH", "PUT", "DELETE"]);
  }
}

/**
 * Null if there is nothing to mount: the client then uploads. Without `from`, any repository is searched ("automatic
 * content discovery"): a digest cannot be guessed, so a client that names one has seen the bytes.
 */
async function mount({ query, storage }: Exchange, name: string): Promise<Digest | null> {
  const [digest, from] = [query.get("mount"), query.get("from")];
  if (digest === null || !isDigest(digest)) return null;
  const isThere = from === null ? storage.hasBytes(digest) : storage.blobSize(parseName(from), digest);
  if (!(await isThere)) return null;
  await storage.linkBlob(name, digest);
  return digest;
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
  if (header === undefined) return append(exchange, upload, null);
  const [, first, last] = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/.*)?$/.exec(header) ?? [];
  if (first === undefined || last === undefined || Number(first) !== upload.size) {
    throw new Problem("BLOB_UPLOAD_INVALID", `expected a chunk from byte ${upload.size}, found "${header}"`, {
      status: 416,
      headers: progressHeaders(upload),
    });
  }
  const expected = Number(last) - Number(first) + 1;
  const length = exchange.request.headers["content-length"];
  // The digest is known to be wrong, so nothing has to be read.
  if (length !== undefined && Number(length) !== expected) {
    throw new Problem("SIZE_INVALID", `expected the ${byteCount(expected)} of "${header}", found ${length}`);
  }
  await append(exchange, upload, expected);
}

async function append(exchange: Exchange, upload: Upload, expectedBytes: number | null): Promise<void> {
  const { request, maxBodyBytes, uploads } = exchange;
  await uploads.makeRoomFor(upload);
  await uploads.checkRoom(Number(request.headers["content-length"] ?? 0));
  const isGone = () => request.complete || request.destroyed;
  return upload.append({ chunks: bodyOf(request), expectedBytes, maxSize: maxBodyBytes, isGone });
}

/** Removes an upload that no client can continue, as its address was never sent. */
async function appendOrCancel(exchange: Exchange, upload: Upload): Promise<void> {
  try {
    await append(exchange, upload, null);
  } catch (error) {
    await exchange.uploads.cancel(upload);
    throw error;
  }
}

/** The hash that will probably be needed at the end; any other one means reading the bytes a second time. */
function announcedAlgorithm({ query }: Exchange): DigestAlgorithm {
  const algorithm = query.get("digest-algorithm");
  if (algorithm === "sha256" || algorithm === "sha512") return algorithm;
  if (algorithm !== null) {
    throw new Problem("DIGEST_INVALID", `digest algorithm "${algorithm}" is neither sha256 nor sha512`);
  }
  return (query.get("digest") ?? query.get("mount"))?.startsWith("sha512:") === true ? "sha512" : "sha256";
}

function answerProgress(exchange: Exchange, upload: Upload, status: number): void {
  answer(exchange, status, progressHeaders(upload));
}

function progressHeaders(upload: Upload): Record<string, string> {
  return {
    location: `/v2/${upload.name}/blobs/uploads/${upload.id}`,
    // The range's end is inclusive, so an empty upload has no range; it says 0, as other registries do.
    range: `0-${Math.max(0, upload.size - 1)}`,
    "docker-upload-uuid": upload.id,
  };
}

function answerCreated(exchange: Exchange, name: string, digest: Digest): void {
  answer(exchange, 201, { location: `/v2/${name}/blobs/${digest}`, "docker-content-digest": digest });
}
