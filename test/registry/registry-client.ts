import { join } from "node:path";
import { hashHex } from "../../src/base/hashes.ts";
import type { RequestLine } from "../../src/registry/request-line.ts";
import { type RegistryServer, type RegistryServerOptions, startRegistry } from "../../src/registry/server.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";

/** A registry of our own on a free port, and one-line requests to it. */
export interface TestRegistry {
  readonly root: string;
  readonly server: RegistryServer;
  /** The line of the next request to `path`: it may come after the client has its answer. */
  lineOf(path: string): Promise<RequestLine>;
  ask(method: string, path: string, init?: RequestInit): Promise<Response>;
  /** Pushes a blob to `name` and gives its digest. */
  push(name: string, bytes: Buffer): Promise<string>;
}

export async function openRegistry(test: Cleanup, options: Partial<RegistryServerOptions> = {}): Promise<TestRegistry> {
  const root = options.root ?? join(tempDirectory(test), "registry");
  const waiting = new Map<string, (line: RequestLine) => void>();
  const server = await startRegistry({
    root,
    port: 0,
    onRequest: (line) => waiting.get(line.path)?.(line),
    ...options,
  });
  test.after(() => server.close());
  const ask = (method: string, path: string, init: RequestInit = {}) =>
    fetch(new URL(path, server.url), { method, redirect: "manual", ...init });
  const lineOf = (path: string) => new Promise<RequestLine>((resolve) => waiting.set(path, resolve));
  const push = async (name: string, bytes: Buffer) => {
    const digest = sha256(bytes);
    const response = await ask("POST", `/v2/${name}/blobs/uploads/?digest=${digest}`, { body: new Uint8Array(bytes) });
    if (response.status !== 201) throw new Error(`push answered ${response.status}: ${await response.text()}`);
    return digest;
  };
  return { root, server, lineOf, ask, push };
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${hashHex("sha256", bytes)}`;
}

/** The code of the specification's error body. */
export async function errorCode(response: Response): Promise<string> {
  const body: unknown = await response.json();
  return /"code":"([A-Z_]+)"/.exec(JSON.stringify(body))?.[1] ?? "none";
}
