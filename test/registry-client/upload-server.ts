import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

/** How a registry deviates from the specification when it takes uploads. */
export interface UploadQuirks {
  /** HEAD of a blob is answered with this. */
  readonly head?: number;
  /** A mount is answered with this: 201, 202 with a session, or a refusal. */
  readonly mount?: number;
  /** What is there is mounted, as the specification says, and after so many of these everything else is, too. */
  readonly mountsHeld?: number;
  /** A PATCH is refused with this. */
  readonly patch?: number;
  /** A PUT that has the whole blob is refused with this. */
  readonly wholePut?: number;
  /** Bodies of a PATCH over this are refused with 416, as GHCR does. */
  readonly patchLimit?: number;
  /** Every `Range` says the same after the first chunk, as ECR's do. */
  readonly rangeStuck?: boolean;
  /** The first chunk is taken except for so many of its last bytes. */
  readonly takesLess?: number;
  /** The connection is cut once after so many bytes of body. */
  readonly cutAfter?: number;
  /** What arrived before a cut is lost, and the session with it. */
  readonly losesSession?: boolean;
  /** So many requests with a body are answered 503 after it arrived. */
  readonly failures?: number;
  /** The minimum size of a chunk, announced and enforced. */
  readonly minChunk?: number;
  /** Location on another origin. */
  readonly location?: (path: string) => string;
  /** Docker-Content-Digest of the last answer. */
  readonly storedDigest?: string;
  /** An empty closing PUT is refused. */
  readonly refusesEmptyPut?: boolean;
}

export interface UploadRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly authorization: string | null;
  readonly contentRange: string | null;
  /** Body bytes that arrived. */
  readonly bytes: number;
}

export interface UploadServer {
  readonly host: string;
  readonly origin: string;
  readonly requests: readonly UploadRequest[];
  /** By digest. */
  readonly blobs: ReadonlyMap<string, { readonly size: number }>;
  /** Of a method. */
  of(method: string): readonly UploadRequest[];
}

interface Session {
  hash: ReturnType<typeof createHash>;
  size: number;
}

/** A registry of one repository that keeps hashes and sizes, not bytes. */
export async function startUploadServer(t: TestContext, quirks: UploadQuirks = {}): Promise<UploadServer> {
  const registry = new UploadRegistry(quirks);
  const server = createServer((request, response) => {
    // A client that leaves during a body is not a failure of this server.
    registry.answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { requests, blobs } = registry;
  return {
    host,
    origin: `http://${host}`,
    requests,
    blobs,
    of: (method) => requests.filter((request) => request.method === method),
  };
}

class UploadRegistry {
  readonly requests: UploadRequest[] = [];
  readonly blobs = new Map<string, { readonly size: number }>();
  readonly #quirks: UploadQuirks;
  readonly #sessions = new Map<string, Session>();
  #cuts = 0;
  #failed = 0;
  #mounted = 0;
  #taken = 0;

  constructor(quirks: UploadQuirks) {
    this.#quirks = quirks;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "" } = request;
    const seen = {
      method,
      path: url,
      authorization: request.headers.authorization ?? null,
      contentRange: request.headers["content-range"] ?? null,
      bytes: 0,
    };
    this.requests.push(seen);
    const { pathname, searchParams } = new URL(url, "http://registry");
    const id = /\/blobs\/uploads\/([0-9a-f-]{36})$/.exec(pathname)?.[1] ?? null;
    const end = (status: number, headers: Record<string, string> = {}) => response.writeHead(status, headers).end();
    if (method === "HEAD") return void end(this.#head(pathname));
    if (method === "POST") return void this.#start(searchParams, end);
    const session = id === null ? undefined : this.#sessions.get(id);
    if (id === null || session === undefined) return void end(404);
    if (method === "DELETE") {
      this.#sessions.delete(id);
      return void end(204);
    }
    if (method === "GET") return void end(204, this.#progress(id, session));
    const length = Number(request.headers["content-length"] ?? 0);
    const refusal = this.#refusal(method, { length, size: session.size, last: searchParams.has("digest") });
    if (refusal !== null) {
      request.resume();
      return void end(refusal);
    }
    if (seen.contentRange !== null && !seen.contentRange.startsWith(`${session.size}-`)) {
      request.resume();
      return void end(416, this.#progress(id, session));
    }
    const kept = await this.#receive(request, session, seen);
    if (!kept) {
      if (this.#quirks.losesSession === true) this.#sessions.delete(id);
      return void response.destroy();
    }
    if (this.#failed < (this.#quirks.failures ?? 0)) {
      this.#failed += 1;
      return void end(503);
    }
    if (method === "PATCH") return void end(202, this.#progress(id, session));
    this.#close(id, session, searchParams.get("digest") ?? "", end);
  }

  #head(path: string): number {
    const { head = 404, mountsHeld } = this.#quirks;
    const isHeld = mountsHeld !== undefined && this.blobs.has(path.slice(path.lastIndexOf("/") + 1));
    return isHeld ? 200 : head;
  }

  #start(query: URLSearchParams, end: (status: number, headers?: Record<string, string>) => unknown): void {
    const mount = query.get("mount");
    const { mount: answer = 202, mountsHeld } = this.#quirks;
    if (mount !== null && mountsHeld !== undefined && (this.blobs.has(mount) || this.#mounted >= mountsHeld)) {
      this.#mounted += 1;
      end(201);
    } else if (mount !== null && answer === 201) {
      this.blobs.set(mount, { size: -1 });
      end(201);
    } else if (mount !== null && answer !== 202) end(answer);
    else {
      const id = randomUUID();
      const session = { hash: createHash("sha256"), size: 0 };
      this.#sessions.set(id, session);
      end(202, this.#progress(id, session));
    }
  }

  #progress(id: string, { size }: Session): Record<string, string> {
    const { location, minChunk, rangeStuck } = this.#quirks;
    const path = `/v2/a/b/blobs/uploads/${id}?_state=a%2Fb`;
    const told = rangeStuck === true && this.#taken > 0 ? this.#taken : size;
    return {
      location: location === undefined ? path : location(path),
      range: `0-${Math.max(0, told - 1)}`,
      ...(minChunk === undefined ? {} : { "oci-chunk-min-length": String(minChunk) }),
    };
  }

  #refusal(method: string, { length, size, last }: { length: number; size: number; last: boolean }): number | null {
    const { patch, wholePut, patchLimit, minChunk, refusesEmptyPut } = this.#quirks;
    if (method === "PATCH" && patch !== undefined) return patch;
    if (method === "PATCH" && patchLimit !== undefined && length > patchLimit) return 416;
    if (method === "PATCH" && minChunk !== undefined && length < minChunk) return 416;
    if (last && wholePut !== undefined && size === 0) return wholePut;
    return last && length === 0 && refusesEmptyPut === true ? 400 : null;
  }

  /** False when the connection was cut. */
  async #receive(request: IncomingMessage, session: Session, seen: { bytes: number }): Promise<boolean> {
    const { cutAfter, takesLess = 0 } = this.#quirks;
    const before = { size: session.size, hash: session.hash.copy() };
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) {
      seen.bytes += chunk.length;
      if (takesLess > 0 && this.#taken === 0) chunks.push(chunk);
      else {
        session.hash.update(chunk);
        session.size += chunk.length;
      }
      if (cutAfter !== undefined && this.#cuts === 0 && session.size >= cutAfter) {
        this.#cuts += 1;
        return false;
      }
    }
    if (chunks.length > 0) {
      const part = Buffer.concat(chunks).subarray(0, -takesLess);
      session.hash = before.hash.update(part);
      session.size = before.size + part.length;
    }
    this.#taken ||= session.size;
    return true;
  }

  #close(
    id: string,
    session: Session,
    digest: string,
    end: (status: number, headers?: Record<string, string>) => unknown,
  ) {
    this.#sessions.delete(id);
    const found = `sha256:${session.hash.digest("hex")}`;
    if (found !== digest) return void end(400);
    this.blobs.set(digest, { size: session.size });
    end(201, { "docker-content-digest": this.#quirks.storedDigest ?? digest });
  }
}
