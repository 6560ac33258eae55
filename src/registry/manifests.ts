import { hashHex } from "../base/hashes.ts";
import { MAX_MANIFEST_BYTES } from "../base/limits.ts";
import { type Digest, digestAlgorithm, digestHex, digestOf } from "../oci/digest.ts";
import { documentKind } from "../oci/media-types.ts";
import { refusesType } from "./accept.ts";
import { type CheckedManifest, checkManifest } from "./check-manifest.ts";
import { answer, type Exchange, isUnchanged, methodNotAllowed, readBody } from "./exchange.ts";
import { preconditionHolds } from "./preconditions.ts";
import { Problem } from "./problem.ts";
import { type ManifestReference, parseTag } from "./route.ts";
import { sendUnchanged } from "./send-file.ts";
import type { ManifestCondition } from "./stored-manifest.ts";

const MAX_TAGS = 100;

/** GET, HEAD, PUT and DELETE of a manifest by tag or digest (OCI distribution-spec 1.1). */
export async function handleManifest(exchange: Exchange, name: string, reference: ManifestReference): Promise<void> {
  switch (exchange.method) {
    case "GET":
    case "HEAD":
      return sendManifest(exchange, name, reference);
    case "PUT":
      return putManifest(exchange, name, reference);
    case "DELETE":
      return deleteManifest(exchange, name, reference);
    default:
      throw methodNotAllowed(exchange, ["GET", "HEAD", "PUT", "DELETE"]);
  }
}

/**
 * A manifest is sent even when `Accept` does not list its type: clients that leave `Accept` out, or list too few types,
 * can use it. Only a type that is explicitly refused (`;q=0`) is not sent.
 */
async function sendManifest(exchange: Exchange, name: string, reference: ManifestReference): Promise<void> {
  const digest = await resolve(exchange, name, reference);
  const manifest = digest === null ? null : await exchange.storage.readManifest(name, digest);
  if (digest === null || manifest === null || refusesType(exchange.request.headers.accept, manifest.mediaType)) {
    throw unknownManifest(name, reference);
  }
  // Earlier versions stored manifests under any type, and other programs may write to the layout.
  if (documentKind(manifest.mediaType) === null) throw foreignType(name, reference, manifest.mediaType);
  const etag = `"${digest}"`;
  if (isUnchanged(exchange, etag)) return sendUnchanged(exchange, etag);
  const headers = { "content-type": manifest.mediaType, "docker-content-digest": digest, etag };
  answer(exchange, 200, headers, manifest.bytes);
}

/** A tag may have moved upstream; the content behind a digest cannot. */
async function resolve(exchange: Exchange, name: string, reference: ManifestReference): Promise<Digest | null> {
  const { storage, upstream } = exchange;
  if (reference.kind === "tag") {
    await upstream?.bringManifest(name, reference);
    return storage.readTag(name, reference.tag);
  }
  if (upstream !== null && !(await storage.hasManifest(name, reference.digest))) {
    await upstream.bringManifest(name, reference);
  }
  return reference.digest;
}

async function putManifest(exchange: Exchange, name: string, reference: ManifestReference): Promise<void> {
  const extraTags = requestedTags(exchange);
  const bytes = await readBody(exchange, Math.min(MAX_MANIFEST_BYTES, exchange.maxBodyBytes));
  const digest = checkedDigest(bytes, reference);
  const checked = checkManifest(bytes, exchange.request.headers["content-type"]);
  if (!exchange.sparse) await refuseMissing(exchange, name, checked);
  const { mediaType, subject } = checked;
  const tags = reference.kind === "tag" ? [reference.tag, ...extraTags] : extraTags;
  const condition = conditionOf(exchange, reference);
  const isStored = await exchange.storage.writeManifest(name, { digest, mediaType, bytes, tags, condition });
  if (!isStored) throw conditionFailed(name, reference);
  answer(exchange, 201, {
    location: `/v2/${name}/manifests/${digest}`,
    "docker-content-digest": digest,
    ...(subject === null ? {} : { "oci-subject": subject }),
    ...(extraTags.length === 0 ? {} : { "oci-tag": extraTags.join(", ") }),
  });
}

/** It is looked at again when the manifest is written: of two that must be new, the second is refused. */
function conditionOf({ request }: Exchange, reference: ManifestReference): ManifestCondition {
  return { reference, holds: (named) => preconditionHolds(request, named) };
}

/** Refuses a manifest that names something that is not here. @throws {Problem} MANIFEST_BLOB_UNKNOWN */
async function refuseMissing(
  { storage }: Exchange,
  name: string,
  { blobs, manifests }: CheckedManifest,
): Promise<void> {
  for (const blob of blobs) {
    if ((await storage.blobSize(name, blob)) === null) throw missing("blob", blob, name);
  }
  for (const child of manifests) {
    if (!(await storage.hasManifest(name, child))) throw missing("manifest", child, name);
  }
}

/** The tags given with `?tag=`, which may be repeated. @throws {Problem} MANIFEST_INVALID */
function requestedTags({ query }: Exchange): readonly string[] {
  const tags = [...new Set(query.getAll("tag"))].map(parseTag);
  if (tags.length <= MAX_TAGS) return tags;
  throw new Problem("SIZE_INVALID", `${tags.length} tags are named, expected at most ${MAX_TAGS}`, { status: 414 });
}

async function deleteManifest(exchange: Exchange, name: string, reference: ManifestReference): Promise<void> {
  const removed =
    reference.kind === "tag"
      ? await exchange.storage.removeTag(name, reference.tag)
      : await exchange.storage.removeManifest(name, reference.digest);
  if (!removed) throw unknownManifest(name, reference);
  answer(exchange, 202, {});
}

function checkedDigest(bytes: Buffer, reference: ManifestReference): Digest {
  if (reference.kind === "tag") return digestOf(bytes);
  const algorithm = digestAlgorithm(reference.digest);
  const found = hashHex(algorithm, bytes);
  if (found === digestHex(reference.digest)) return reference.digest;
  throw new Problem("DIGEST_INVALID", `expected "${reference.digest}", found "${algorithm}:${found}"`);
}

function missing(what: string, digest: Digest, name: string): Problem {
  return new Problem("MANIFEST_BLOB_UNKNOWN", `${what} "${digest}" is not in "${name}"`);
}

function foreignType(name: string, reference: ManifestReference, mediaType: string): Problem {
  const { message } = unknownManifest(name, reference);
  return new Problem("MANIFEST_UNKNOWN", `${message} as a manifest: it is stored as "${mediaType}"`);
}

function conditionFailed(name: string, reference: ManifestReference): Problem {
  const message = `"${nameOf(name, reference)}" does not name what If-Match or If-None-Match expects`;
  return new Problem("DENIED", message, { status: 412 });
}

function unknownManifest(name: string, reference: ManifestReference): Problem {
  return new Problem("MANIFEST_UNKNOWN", `manifest "${nameOf(name, reference)}" does not exist`);
}

function nameOf(name: string, reference: ManifestReference): string {
  return reference.kind === "tag" ? `${name}:${reference.tag}` : `${name}@${reference.digest}`;
}
