import { contentCoding } from "../http/content-coding.ts";
import type { HttpResponse } from "../http/request.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { type Digest, digestAlgorithm, isDigest } from "../oci/digest.ts";
import { sentMediaType } from "../oci/manifest.ts";
import { isHtml } from "../oci/media-types.ts";
import { formatReference } from "../oci/reference.ts";
import { ANY_MANIFEST_ACCEPT, type ManifestRequest, manifestKey, readRawDocument } from "./manifests.ts";
import { registryError } from "./registry-error.ts";
import type { RequestSender } from "./request-sender.ts";

/**
 * The descriptor of what a reference names, by HEAD. If the response lacks digest, size or type, or is a refusal (some
 * registries do not support HEAD, and a refused HEAD does not say why), the document itself is read and hashed.
 *
 * @throws {PkgError} as readRawDocument
 * @see OCI distribution-spec 1.1, "Checking if content exists in the registry"
 */
export async function resolveManifest(sender: RequestSender, request: ManifestRequest): Promise<Descriptor> {
  const response = await askHead(sender, request);
  const found = response.status === 200 ? descriptorOf(response, request.reference.digest) : null;
  if (found !== null) return found;
  const { mediaType, digest, bytes } = await readRawDocument(sender, request);
  return { mediaType, digest, size: bytes.length, annotations: {} };
}

/**
 * True if the endpoint has the manifest that a reference names.
 *
 * @throws {PkgError} those of registryError and the network
 */
export async function hasManifest(sender: RequestSender, request: ManifestRequest): Promise<boolean> {
  const head = await askHead(sender, request);
  if (head.status === 200 || head.status === 404) return head.status === 200 && !isHtml(head.header("content-type"));
  const path = `manifests/${manifestKey(request.reference)}`;
  const response = await sender.send({ ...request, path, headers: { accept: ANY_MANIFEST_ACCEPT } });
  if (response.status === 200) {
    await response.discard();
    return true;
  }
  const error = await registryError(response, `find manifest "${formatReference(request.reference)}"`);
  if (error.code === "HTTP_NOT_FOUND") return false;
  throw error;
}

/** Sends HEAD. @throws {PkgError} SERVER_BUSY: a GET would only make the server busier */
async function askHead(sender: RequestSender, request: ManifestRequest): Promise<HttpResponse> {
  const path = `manifests/${manifestKey(request.reference)}`;
  const response = await sender.send({ ...request, method: "HEAD", path, headers: { accept: ANY_MANIFEST_ACCEPT } });
  if (response.status === 429 || response.status === 503) {
    throw await registryError(response, `find manifest "${formatReference(request.reference)}"`);
  }
  await response.discard();
  return response;
}

function descriptorOf(response: HttpResponse, asked: Digest | null): Descriptor | null {
  const contentType = response.header("content-type");
  const mediaType = isHtml(contentType) ? null : sentMediaType(contentType);
  const digest = digestOf(response, asked);
  // The size of what is encoded is not that of the document.
  const length = contentCoding(response) === null ? (response.header("content-length") ?? "") : "";
  if (mediaType === null || digest === null || !/^[1-9]\d{0,14}$/.test(length)) return null;
  return { mediaType, digest, size: Number(length), annotations: {} };
}

/** Null if there is no usable digest. One in another algorithm than requested does not contradict the request. */
function digestOf(response: HttpResponse, asked: Digest | null): Digest | null {
  const announced = response.header("docker-content-digest");
  if (announced === null || !isDigest(announced)) return null;
  if (asked === null) return announced;
  return digestAlgorithm(asked) !== digestAlgorithm(announced) || asked === announced ? asked : null;
}
