import type { FileHandle } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { byteCount } from "../base/format-bytes.ts";
import { type AnswerHeaders, answer, type Exchange, setHead } from "./exchange.ts";
import { Problem } from "./problem.ts";

const PIECE_BYTES = 256 * 1024;

/** A file to be sent. */
export interface FileAnswer {
  /** Open for reading; closed when it is sent. */
  readonly handle: FileHandle;
  readonly etag: string;
  readonly headers: AnswerHeaders;
}

/** Answers with a file, or with the one range of it that was asked for (RFC 9110, section 14). */
export async function sendFile(exchange: Exchange, file: FileAnswer): Promise<void> {
  const { handle } = file;
  try {
    const { size } = await handle.stat();
    const range = requestedRange(exchange, file.etag, size);
    const headers = { "accept-ranges": "bytes", etag: file.etag, ...file.headers };
    const { start, end } = range ?? { start: 0, end: size - 1 };
    const partial = range === null ? {} : { "content-range": `bytes ${start}-${end}/${size}` };
    setHead(exchange, range === null ? 200 : 206, {
      ...headers,
      ...partial,
      "content-length": end - start + 1,
    });
    if (exchange.method !== "HEAD") await sendBytes(handle, exchange.response, { start, end });
    exchange.response.end();
  } finally {
    await handle.close();
  }
}

/** Sends a range through one buffer: a new buffer for each piece would pile up faster than memory is freed. */
async function sendBytes(handle: FileHandle, response: ServerResponse, { start, end }: ByteRange): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(PIECE_BYTES, end - start + 1)));
  for (let position = start; position <= end; ) {
    const length = Math.min(buffer.byteLength, end - position + 1);
    const { bytesRead } = await handle.read(buffer, 0, length, position);
    if (bytesRead === 0) throw new Error("a file became shorter while it was sent");
    await writeThrough(response, buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}

/** Resolves once the bytes have left, so that their memory can be used again. */
function writeThrough(response: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const onClose = () => reject(new Error("the client left"));
    response.once("close", onClose);
    response.write(bytes, (error) => {
      response.off("close", onClose);
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Answers 304: the client already has these bytes. */
export function sendUnchanged(exchange: Exchange, etag: string): void {
  answer(exchange, 304, { etag });
}

interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The requested range. Several ranges, other units, and a range of a file that has changed get the whole file. */
function requestedRange({ request }: Exchange, etag: string, size: number): ByteRange | null {
  const ifRange = request.headers["if-range"];
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return null;
  if (ifRange !== undefined && ifRange !== etag) return null;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (start < size && start <= end) return { start, end };
  throw new Problem("SIZE_INVALID", `range "${first}-${last}" is outside of ${byteCount(size)}`, {
    status: 416,
    headers: { "content-range": `bytes */${size}` },
  });
}
