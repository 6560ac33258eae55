import { once } from "node:events";
import { resolve } from "node:path";
import { startRegistry } from "../registry/server.ts";
import type { Capabilities } from "./capabilities.ts";

export interface ServeRequest {
  readonly root: string;
  readonly port: number;
  readonly host: string;
  /** What a relative root is relative to. */
  readonly directory: string;
}

export interface ServeOutcome {
  readonly url: string;
}

/** Runs the embedded registry until the signal aborts; that is its ordinary end, not an interruption. */
export async function serveRegistry(
  cap: Pick<Capabilities, "signal" | "emit">,
  request: ServeRequest,
  onListening: (url: string) => void,
): Promise<ServeOutcome> {
  const server = await startRegistry({
    root: resolve(request.directory, request.root),
    port: request.port,
    host: request.host,
    onRequest: ({ method, path, status, bytes }) =>
      cap.emit({ kind: "detail", message: `${method} ${path} ${status} ${bytes}` }),
  });
  try {
    onListening(server.url);
    if (!cap.signal.aborted) await once(cap.signal, "abort");
    return { url: server.url };
  } finally {
    await server.close();
  }
}
