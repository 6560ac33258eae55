import { once } from "node:events";
import { join, resolve } from "node:path";
import type { EmitEvent } from "../base/events.ts";
import { PkgError } from "../errors.ts";
import { createAccess } from "../registry/access.ts";
import { type AnswerLine, formatAnswerJson, formatAnswerLine, openAccessLog } from "../registry/access-log.ts";
import { RootFiles } from "../registry/root-files.ts";
import { type RegistryServer, type RegistryServerOptions, startRegistry } from "../registry/server.ts";
import { readTlsIdentity } from "../registry/tls.ts";
import { tryLock } from "../state/lock.ts";
import { type ReachedBy, reachedBy } from "./reached-by.ts";
import { openUpstream, refuseOwnAddress, type UpstreamCapabilities } from "./registry-upstream.ts";
import { allowedHosts, limitsOf, type ServeRequest } from "./serve-request.ts";

/** Where a registry was served. */
export interface ServeOutcome {
  readonly url: string;
}

/** How long requests in flight may continue when the server is stopped. */
const GRACE_MS = 10_000;

/**
 * Serves a registry until the signal aborts, which is its ordinary end and not an interruption. Requests in flight have
 * ten seconds to finish.
 *
 * @throws {PkgError} USAGE, CONFIG_INVALID, REFERENCE_INVALID for a request that cannot be met; LOCKED if another
 * process serves the same directory; FILE_SYSTEM and others
 */
export async function serveRegistry(
  cap: UpstreamCapabilities,
  request: ServeRequest,
  onListening: (reached: ReachedBy) => Promise<void>,
): Promise<ServeOutcome> {
  return withRegistryLock(cap.signal, resolve(request.directory, request.root), async (root) => {
    const { options, close } = await serverOptions(cap, request, root);
    try {
      return await serveUntilStopped(await startRegistry(options), cap.signal, ({ url, port }) => {
        const { allowHosts, tls } = request;
        const certificate = options.tls?.cert ?? "";
        const identity = tls === null ? null : { certificate, file: tls.certificate };
        return onListening(reachedBy({ url, port, allowHosts, tls: identity }));
      });
    } finally {
      await close();
    }
  });
}

async function serveUntilStopped(
  server: RegistryServer,
  signal: AbortSignal,
  onListening: (server: RegistryServer) => Promise<void>,
): Promise<ServeOutcome> {
  try {
    await onListening(server);
    if (!signal.aborted) await once(signal, "abort");
    return { url: server.url };
  } finally {
    await server.close();
  }
}

/**
 * Does `work` while no other process serves the directory or collects its garbage.
 *
 * @throws {PkgError} LOCKED; and what `work` throws
 */
export async function withRegistryLock<T>(
  signal: AbortSignal,
  root: string,
  work: (root: string) => Promise<T>,
): Promise<T> {
  // A link is followed once, here: whoever can change it meanwhile changes nothing.
  const real = RootFiles.open(root).root;
  const lock = { path: join(real, "lock.db"), command: "pkg registry", pid: process.pid, signal };
  const done = await tryLock(lock, async () => ({ value: await work(real) }));
  if (done !== null) return done.value;
  throw new PkgError(
    "LOCKED",
    `Cannot use registry "${root}": another process is serving it or collecting its garbage`,
    {
      hint: "Stop the other process first",
    },
  );
}

/** What a server is started with, and what has to be closed after it. */
interface Setup {
  readonly options: RegistryServerOptions;
  readonly close: () => Promise<void>;
}

async function serverOptions(cap: UpstreamCapabilities, request: ServeRequest, root: string): Promise<Setup> {
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
  const log = await openLog(request, cap.emit, onProblem);
  return {
    close: log.close,
    options: {
      ...parts,
      root,
      port: request.port,
      host: request.host,
      allowHosts: allowedHosts(request),
      readOnly: request.readOnly,
      sparse: request.sparse,
      limits: limitsOf(request),
      graceMs: GRACE_MS,
      onAnswer: log.write,
      onError: onProblem,
    },
  };
}

/** Where the server's answers are logged. */
interface AnswerLog {
  readonly write: (line: AnswerLine) => void;
  readonly close: () => Promise<void>;
}

async function openLog(
  { accessLog, directory }: ServeRequest,
  emit: EmitEvent,
  onProblem: (error: unknown) => void,
): Promise<AnswerLog> {
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
