import type { FileHandle } from "node:fs/promises";
import { type Exchange, isUnchanged, methodNotAllowed } from "./exchange.ts";
import { Problem } from "./problem.ts";
import { sendFile, sendUnchanged } from "./send-file.ts";

/** GET of a package index from `<root>/index/`, revalidated by ETag. */
export async function handleIndexFile(exchange: Exchange, file: string): Promise<void> {
  if (exchange.method !== "GET" && exchange.method !== "HEAD") throw methodNotAllowed(exchange, ["GET", "HEAD"]);
  const path = exchange.paths.index(file);
  const isFolder = (await exchange.paths.files.entry(path))?.isDirectory() === true;
  const handle = isFolder ? null : await exchange.paths.files.openToRead(path);
  if (handle === null) throw new Problem("NAME_UNKNOWN", `index file "${file}" does not exist`, { status: 404 });
  try {
    await sendIndexFile(exchange, file, handle);
  } finally {
    await handle.close();
  }
}

async function sendIndexFile(exchange: Exchange, file: string, handle: FileHandle): Promise<void> {
  const stats = await handle.stat({ bigint: true });
  const etag = `"${stats.ino.toString(16)}-${stats.size.toString(16)}-${stats.mtimeNs.toString(16)}"`;
  if (isUnchanged(exchange, etag)) return sendUnchanged(exchange, etag);
  const lastModified = new Date(Number(stats.mtimeMs)).toUTCString();
  return sendFile(exchange, {
    handle,
    etag,
    headers: { "content-type": contentType(file), "last-modified": lastModified },
  });
}

function contentType(file: string): string {
  return file.endsWith(".json") ? "application/json" : "application/octet-stream";
}
