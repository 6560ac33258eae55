import type { IncomingMessage, ServerResponse } from "node:http";
import { byteCount } from "../base/format-bytes.ts";
import { isInNoneMatch } from "./preconditions.ts";
import { Problem } from "./problem.ts";
import type { Storage } from "./storage.ts";
import type { StoragePaths } from "./storage-paths.ts";
import type { Uploads } from "./uploads.ts";
import type { Upstream } from "./upstream.ts";

/** One request, with everything that is needed to answer it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  /** Who asks, see clientKey(): the user once a password has proved it. */
  readonly client: () => string;
  readonly query: URLSearchParams;
  readonly paths: StoragePaths;
  readonly storage: Storage;
  readonly uploads: Uploads;
  /** Refuses every request that would change something. */
  readonly readOnly: boolean;
  /** Accepts manifests that name blobs or manifests that are not here. */
  readonly sparse: boolean;
  /** Bytes of one body, and of one upload in several bodies; Infinity: no limit. */
  readonly maxBodyBytes: number;
  /** Where missing content is fetched from; null: nowhere. */
  readonly upstream: Upstream | null;
}

/** The headers of an answer, by lower-case name. */
export type AnswerHeaders = Readonly<Record<string, string | number>>;

/** Answers without a body, or with a short one. */
export function answer(exchange: Exchange, status: number, headers: AnswerHeaders, body?: Buffer | string): void {
  const bytes = Buffer.from(body ?? "");
  const length = status === 204 || status === 304 ? {} : { "content-length": bytes.byteLength };
  setHead(exchange, status, { ...length, ...headers });
  exchange.response.end(exchange.method === "HEAD" ? undefined : bytes);
}

/** Sets status and headers in a way that lets the access log read them later. */
export function setHead({ response }: Exchange, status: number, headers: AnswerHeaders): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** The error for a method that the path does not support. */
export function methodNotAllowed(exchange: Exchange, allowed: readonly string[]): Problem {
  return new Problem("UNSUPPORTED", `method ${exchange.method} is not supported here`, {
    headers: { allow: allowed.join(", ") },
  });
}

/** Reads the whole body; more than `maxBytes` bytes are refused. @throws {Problem} SIZE_INVALID with status 413 */
export async function readBody({ request }: Exchange, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bodyOf(request)) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Problem("SIZE_INVALID", `body exceeds ${byteCount(maxBytes)}`, { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body's chunks; stopping halfway leaves the connection open, so that an answer can still be sent. */
export function bodyOf(request: IncomingMessage): AsyncIterable<Uint8Array> {
  return request.iterator({ destroyOnReturn: false });
}

/** True when one of the tags in If-None-Match is `etag`. */
export function isUnchanged({ request }: Exchange, etag: string): boolean {
  return isInNoneMatch(request, etag);
}
