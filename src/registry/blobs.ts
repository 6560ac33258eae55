import type { Digest } from "../oci/digest.ts";
import { answer, type Exchange, isUnchanged, methodNotAllowed } from "./exchange.ts";
import { Problem } from "./problem.ts";
import { sendFile, sendUnchanged } from "./send-file.ts";

/** GET, HEAD and DELETE of one blob (OCI distribution-spec 1.1, "Pulling blobs", "Deleting Blobs"). */
export async function handleBlob(exchange: Exchange, name: string, digest: Digest): Promise<void> {
  switch (exchange.method) {
    case "GET":
    case "HEAD":
      return sendBlob(exchange, name, digest);
    case "DELETE":
      if (!(await exchange.storage.unlinkBlob(name, digest))) throw unknownBlob(name, digest);
      return answer(exchange, 202, {});
    default:
      throw methodNotAllowed(exchange, ["GET", "HEAD", "DELETE"]);
  }
}

async function sendBlob(exchange: Exchange, name: string, digest: Digest): Promise<void> {
  if (!(await isThere(exchange, name, digest))) throw unknownBlob(name, digest);
  const etag = `"${digest}"`;
  if (isUnchanged(exchange, etag)) return sendUnchanged(exchange, etag);
  const headers = { "content-type": "application/octet-stream", "docker-content-digest": digest };
  const handle = await exchange.paths.files.openToRead(exchange.paths.blob(digest));
  if (handle === null) throw unknownBlob(name, digest);
  return sendFile(exchange, { handle, etag, headers });
}

async function isThere({ storage, upstream }: Exchange, name: string, digest: Digest): Promise<boolean> {
  if ((await storage.blobSize(name, digest)) !== null) return true;
  if (upstream === null) return false;
  await upstream.bringBlob(name, digest);
  return (await storage.blobSize(name, digest)) !== null;
}

function unknownBlob(name: string, digest: Digest): Problem {
  return new Problem("BLOB_UNKNOWN", `blob "${digest}" is not in "${name}"`);
}
