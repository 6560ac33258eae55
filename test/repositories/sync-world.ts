import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Event } from "../../src/base/events.ts";
import { createContext } from "../../src/cli/context.ts";
import type { Context } from "../../src/commands/context.ts";
import { loadConfig } from "../../src/config/config.ts";
import type { TrustRecord } from "../../src/package/trust-record.ts";
import type { Reporter } from "../../src/report/reporter.ts";
import { createStyle } from "../../src/report/style.ts";
import { type SyncedRepository, type SyncOptions, syncRepository } from "../../src/repositories/sync.ts";
import { type Cleanup, tempHome } from "../support/temp-home.ts";

/** What a host serves: the index and, unless null, the signatures next to it. */
export interface Served {
  readonly index: Buffer;
  readonly signatures: Buffer | null;
}

/** A home with one repository `tools`, and the host of its index. */
export interface SyncWorld {
  readonly home: string;
  readonly url: string;
  /** Sets what is served from now on; several are served one after the other, one for each request of the index. */
  serve(...served: readonly Served[]): void;
  /** Milliseconds since the epoch, as this machine has it. */
  setClock(now: number): void;
  /** Written into the table of the repository in place of what was there. */
  configure(toml: string): void;
  sync(options?: Partial<SyncOptions>): Promise<SyncedRepository>;
  pinned(): Promise<TrustRecord | null>;
  /** What is remembered, and what the index holds; unchanged as long as no index was accepted. */
  state(): Promise<string>;
  context(): Context;
  /** As `METHOD path`, since the last call. */
  takeRequests(): readonly string[];
  takeEvents(): readonly Event[];
}

export const NOW = Date.parse("2026-03-01T12:00:00Z");

export async function makeSyncWorld(test: Cleanup): Promise<SyncWorld> {
  const home = tempHome(test);
  let served: readonly Served[] = [];
  let now = NOW;
  const requests: string[] = [];
  const events: Event[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const isSignature = request.url?.endsWith(".sig") === true;
    const current = served[0];
    const body = isSignature ? current?.signatures : current?.index;
    if (isSignature && served.length > 1) served = served.slice(1);
    const etag = `"${createHash("sha256")
      .update(body ?? "")
      .digest("hex")}"`;
    if (!body) response.writeHead(404).end();
    else if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
    else response.writeHead(200, { etag }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/index.json.zst`;
  let table = "";
  let context: Context | null = null;
  const opened = () => {
    context ??= openContext(home, { url, table, now: () => now, emit: (event) => events.push(event) });
    return context;
  };
  test.after(() => context?.close());
  const repository = () => {
    const found = opened().config.repositories.find(({ name }) => name === "tools");
    if (found === undefined) throw new Error("the repository is not configured");
    return found;
  };
  const pinned = async () => (await opened().trust()).get("tools");
  return {
    home,
    url,
    serve: (...next) => {
      served = next;
    },
    setClock: (next) => {
      now = next;
    },
    configure: (toml) => {
      table = toml;
      void context?.close();
      context = null;
    },
    sync: (options = {}) => syncRepository(opened(), repository(), { force: false, ...options }),
    pinned,
    state: async () => {
      const index = join(home, "index", "tools.db");
      const bytes = existsSync(index) ? createHash("sha256").update(readFileSync(index)).digest("hex") : "no index";
      return `${bytes} ${JSON.stringify(await pinned())}`;
    },
    context: opened,
    takeRequests: () => requests.splice(0),
    takeEvents: () => events.splice(0),
  };
}

interface ContextFacts {
  readonly url: string;
  readonly table: string;
  readonly now: () => number;
  readonly emit: (event: Event) => void;
}

function openContext(home: string, { url, table, now, emit }: ContextFacts): Context {
  const location = table.includes("url =") ? "" : `url = "${url}"\n`;
  writeFileSync(join(home, "config.toml"), `[repositories.tools]\n${location}${table}\n`);
  const report: Reporter = {
    emit,
    print: () => {},
    result: () => {},
    script: () => {},
    ownText: () => {},
    announce: async () => {},
    bytes: async () => {},
    error: () => {},
    say: () => {},
    leftBehind: () => null,
    kept: () => null,
    choose: async () => null,
    confirm: async (_question, fallback) => fallback,
    converses: false,
    width: null,
    prompt: async () => null,
    finish: async () => {},
    style: createStyle(false),
  };
  const context = createContext({
    config: loadConfig({ env: {}, platform: "linux", arch: "x64", flags: { home } }),
    report,
    signal: new AbortController().signal,
    dryRun: false,
    yes: false,
    workingDirectory: home,
    json: false,
    stdin: (async function* () {})(),
    version: "0.0.0",
    commandLine: "pkg test",
    command: "pkg test",
  });
  return { ...context, now };
}
