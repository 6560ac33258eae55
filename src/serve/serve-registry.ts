import { once } from "node:events";
import { join, resolve } from "node:path";
import { PkgError } from "../errors.ts";
import { createAccess } from "../registry/access.ts";
import { type AnswerLine, formatAnswerJson, formatAnswerLine, openAccessLog } from "../registry/access-log.ts";
import { type RegistryServer, type RegistryServerOptions, startRegistry } from "../registry/server.ts";
import { readTlsIdentity } from "../registry/tls.ts";
import { tryLock } from "../state/lock.ts";
import { openUpstream, refuseOwnAddress, type UpstreamCapabilities } from "./registry-upstream.ts";
import { checkServeRequest, limitsOf, type ServeRequest } from "./serve-request.ts";

export interface ServeOutcome {
  readonly url: string;
}

/** How long requests in flight may go on once the server is to stop. */
const GRACE_MS = 10_000;

/**
 * Runs the embedded registry until the signal aborts; that is its ordinary end, not an interruption. Requests in flight
 * get ten seconds to end.
 *
 * @throws {PkgError} USAGE, CONFIG_INVALID, REFERENCE_INVALID for what was asked for; LOCKED when another process serves
 * the same directory; FILE_SYSTEM and others
 */
export async function serveRegistry(
  cap: UpstreamCapabilities,
  request: ServeRequest,
  onListening: (url: string) => void,
): Promise<ServeOutcome> {
  checkServeRequest(request);
  return withRegistryLock(cap, resolve(request.directory, request.root), async (root) => {
    const { options, close } = await serverOptions(cap, request, root);
    try {
      return await serveUntilStopped(cap, await startRegistry(options), onListening);
    } finally {
      await close();
    }
  });
}

async function serveUntilStopped(
  { signal }: Pick<UpstreamCapabilities, "signal">,
  server: RegistryServer,
  onListening: (url: string) => void,
): Promise<ServeOutcome> {
  try {
    onListening(server.url);
    if (!signal.aborted) await once(signal, "abort");
    return { url: server.url };
  } finally {
    await server.close();
  }
}

/**
 * Does `work` while no other process serves the directory or clears it.
 *
 * @throws {PkgError} LOCKED; and what `work` throws
 */
export async function withRegistryLock<T>(
  { signal }: Pick<UpstreamCapabilities, "signal">,
  root: string,
  work: (root: string) => Promise<T>,
): Promise<T> {
  const lock = { path: join(root, "lock.db"), command: "pkg registry", pid: process.pid, signal };
  const done = await tryLock(lock, async () => ({ value: await work(root) }));
  if (done !== null) return done.value;
  throw new PkgError("LOCKED", `Cannot use registry "${root}": another process serves it or clears it`, {
    hint: "Stop the other process first",
  });
}

interface Prepared {
  readonly options: RegistryServerOptions;
  readonly close: () => Promise<void>;
}

async function serverOptions(cap: UpstreamCapabilities, request: ServeRequest, root: string): Promise<Prepared> {
  const at = (path: string) => resolve(request.directory, path);
  const { tls, access, upstream } = request;
  const onProblem = (error: unknown) => cap.emit({ kind: "warning", message: messageOf(error) });
  const parts = {
    ...(tls === null
      ? {}
      : { tls: await readTlsIdentity({ certificate: at(tls.certificate), key: at(tls.key) }, cap.now()) }),
    ...(access === null ? {} : { access: await createAccess({ ...access, htpasswd: at(access.htpasswd), onProblem }) }),
    ...(upstream === null ? {} : { upstream: await openUpstream(cap, upstream) }),
  };
  if (parts.upstream !== undefined) refuseOwnAddress(parts.upstream, request.host, request.port);
  const log = await openLog(cap, request, onProblem);
  return {
    close: log.close,
    options: {
      ...parts,
      root,
      port: request.port,
      host: request.host,
      readOnly: request.readOnly,
      sparse: request.sparse,
      limits: limitsOf(request),
      graceMs: GRACE_MS,
      onAnswer: log.write,
      onError: onProblem,
    },
  };
}

interface Log {
  readonly write: (line: AnswerLine) => void;
  readonly close: () => Promise<void>;
}

async function openLog(
  { emit }: Pick<UpstreamCapabilities, "emit">,
  { accessLog, directory }: ServeRequest,
  onProblem: (error: unknown) => void,
): Promise<Log> {
  const detail = (line: AnswerLine) => emit({ kind: "detail", message: formatAnswerLine(line) });
  if (accessLog === null) return { write: detail, close: () => Promise.resolve() };
  if (accessLog.kind === "lines") {
    return { write: (line) => accessLog.print(formatAnswerLine(line)), close: () => Promise.resolve() };
  }
  const log = await openAccessLog(resolve(directory, accessLog.path), onProblem);
  const format = accessLog.json ? formatAnswerJson : formatAnswerLine;
  return { write: (line) => log.write(format(line)), close: () => log.close() };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
