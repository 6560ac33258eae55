import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { type Digest, isDigest } from "../../src/oci/digest.ts";
import { digestOf, INDEX_TYPE, MANIFEST_TYPE, NOT_FOUND, type Reply } from "./local-registry.ts";

export interface StoreRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface StoreOptions {
  /** Sends the digest as ETag with manifests; default true. */
  readonly etags?: boolean;
  /** Whether it honours `If-Match` and `If-None-Match` with 412; default false, like most registries. */
  readonly conditional?: boolean;
  /** Answers before the store does. */
  readonly before?: (request: StoreRequest) => Reply | undefined | Promise<Reply | undefined>;
}

export interface ManifestStore {
  readonly origin: string;
  readonly host: string;
  /** e.g. `PUT /v2/a/b/manifests/1` */
  readonly lines: readonly string[];
  readonly requests: readonly StoreRequest[];
  /** By tag or digest. */
  readonly content: ReadonlyMap<string, StoredManifest>;
  put(key: string, bytes: Buffer, type: string): void;
}

export interface StoredManifest {
  readonly bytes: Buffer;
  readonly type: string;
}

/** The manifests of one repository, `a/b`, behind a real server: no referrers, no checks of what a manifest names. */
export async function manifestStore(t: TestContext, options: StoreOptions = {}): Promise<ManifestStore> {
  const requests: StoreRequest[] = [];
  const content = new Map<string, StoredManifest>();
  const put = (key: string, bytes: Buffer, type: string) => {
    const stored = { bytes, type };
    content.set(key, stored).set(digestOf(bytes), stored);
  };
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const { method = "GET", url: path = "/", headers } = request;
    const received = { method, path, headers, body: Buffer.concat(chunks) };
    requests.push(received);
    const reply = (await options.before?.(received)) ?? answer(received, { ...options, content, put });
    write(response, reply, method);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin: `http://${host}`,
    host,
    requests,
    content,
    put,
    get lines() {
      return requests.map(({ method, path }) => `${method} ${path}`);
    },
  };
}

interface Store extends StoreOptions {
  readonly content: Map<string, StoredManifest>;
  readonly put: (key: string, bytes: Buffer, type: string) => void;
}

function answer(request: StoreRequest, store: Store): Reply {
  const key = /^\/v2\/a\/b\/manifests\/([^/?]+)$/.exec(request.path)?.[1];
  if (key === undefined) return NOT_FOUND;
  const found = store.content.get(key);
  switch (request.method) {
    case "PUT":
      return putAnswer(request, { store, key, found });
    case "DELETE":
      if (found === undefined) return NOT_FOUND;
      for (const [name, { bytes }] of store.content) {
        if (name === key || digestOf(bytes) === key) store.content.delete(name);
      }
      return { status: 202 };
    default:
      return found === undefined ? NOT_FOUND : getAnswer(found, store);
  }
}

function putAnswer(
  request: StoreRequest,
  { store, key, found }: { readonly store: Store; readonly key: string; readonly found: StoredManifest | undefined },
): Reply {
  const { "if-match": match, "if-none-match": noneMatch } = request.headers;
  const isStale = match !== undefined && (found === undefined || match !== `"${digestOf(found.bytes)}"`);
  if (store.conditional && (isStale || (noneMatch === "*" && found !== undefined))) return { status: 412 };
  if (isDigest(key) && key.startsWith("sha256:") && key !== digestOf(request.body)) return { status: 400 };
  store.put(key, request.body, request.headers["content-type"] ?? "");
  return { status: 201, headers: { "docker-content-digest": digestOf(request.body), location: request.path } };
}

function getAnswer({ bytes, type }: StoredManifest, { etags = true }: Store): Reply {
  const etag = etags ? { etag: `"${digestOf(bytes)}"` } : {};
  return { headers: { "content-type": type, "docker-content-digest": digestOf(bytes), ...etag }, body: bytes };
}

function write(response: ServerResponse, { status = 200, headers = {}, body = "" }: Reply, method: string): void {
  const isCounted = status !== 204 && headers["transfer-encoding"] === undefined;
  if (isCounted) response.setHeader("content-length", Buffer.byteLength(body));
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.writeHead(status).end(method === "HEAD" ? undefined : body);
}

/** A document as a registry stores it, with what a push of it needs. */
export interface Sample {
  readonly bytes: Buffer;
  readonly mediaType: string;
  readonly digest: Digest;
  readonly descriptor: { readonly mediaType: string; readonly digest: Digest; readonly size: number };
}

export function sampleOf(document: object, mediaType: string = MANIFEST_TYPE): Sample {
  const bytes = Buffer.from(JSON.stringify(document));
  const digest = digestOf(bytes);
  return { bytes, mediaType, digest, descriptor: { mediaType, digest, size: bytes.length } };
}

const EMPTY = { mediaType: "application/vnd.oci.empty.v1+json", digest: digestOf("{}"), size: 2 };

/** An image manifest with an empty config and layer, and further `fields`. */
export function manifestSample(fields: object = {}): Sample {
  return sampleOf({ schemaVersion: 2, mediaType: MANIFEST_TYPE, config: EMPTY, layers: [EMPTY], ...fields });
}

export function indexSample(manifests: readonly object[], fields: object = {}): Sample {
  return sampleOf({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests, ...fields }, INDEX_TYPE);
}

/** The image manifest of a note on `subject`. */
export function noteOn(subject: Sample, text: string, artifactType = "text/note"): Sample {
  return manifestSample({ artifactType, subject: subject.descriptor, annotations: { text } });
}
