import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import type { TestContext } from "node:test";
import { createContext } from "../../src/cli/context.ts";
import type { Context } from "../../src/commands/context.ts";
import { loadConfig } from "../../src/config/config.ts";
import type { Published } from "../../src/publish/outcome.ts";
import { type PublishRequest, publish } from "../../src/publish/publish.ts";
import type { RequestLine } from "../../src/registry/request-line.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { createReporter } from "../../src/report/reporter.ts";
import { publicKeyText, secretKeyOf } from "../../src/sign/secret-key.ts";
import { encodeSecretKeyFile } from "../../src/sign/secret-key-file.ts";
import { elfFile } from "../support/elf-file.ts";
import { staticProgram } from "../support/static-program.ts";
import { tempDirectory } from "../support/temp-home.ts";

/** A key that is the same in every run. */
const KEY = secretKeyOf(Buffer.alloc(8, 7), Buffer.alloc(32, 9));
export const PUBLIC_KEY = publicKeyText(KEY);
export const SECRET_KEY = await encodeSecretKeyFile(KEY, null);

export type PublishChange = Partial<Omit<PublishRequest, "typed">> & {
  readonly typed?: Partial<PublishRequest["typed"]>;
};

export interface PublishWorld {
  /** Of the registry, e.g. `127.0.0.1:40123`. */
  readonly host: string;
  readonly context: Context;
  /** What the registry was asked, in order. */
  readonly requests: readonly RequestLine[];
  /** Where the files are that are published. */
  readonly directory: string;
  /** Publishes `HOST/me/tools/trurl` 8.14.1 for two platforms, signed, unless it is told otherwise. */
  publish(change?: PublishChange): Promise<Published>;
  /** The same in another context. */
  publishIn(context: Context, change?: PublishChange): Promise<Published>;
  /** The same with another environment. */
  publishWith(env: Readonly<Record<string, string>>, change?: PublishChange): Promise<Published>;
}

/** A registry, a key, and a program for two platforms. */
export async function publishWorld(test: TestContext): Promise<PublishWorld> {
  const requests: RequestLine[] = [];
  const registry = await startRegistry({
    root: tempDirectory(test),
    port: 0,
    onRequest: (line) => requests.push(line),
  });
  test.after(() => registry.close());
  const { host } = new URL(registry.url);
  const context = publishContext(test);
  const directory = tempDirectory(test);
  writeFiles(directory, SAMPLE_FILES);
  return {
    host,
    context,
    requests,
    directory,
    publishIn: (other, change = {}) => publishIn(other, directory, { host, change }),
    publish: (change = {}) => publishIn(context, directory, { host, change }),
    publishWith: (env, change = {}) => publishIn(publishContext(test, env), directory, { host, change }),
  };
}

export const SAMPLE_FILES: Readonly<Record<string, Buffer | string>> = {
  "x64/trurl": staticProgram("trurl\n"),
  "arm64/trurl": elfFile({ machine: 183 }),
  LICENSE: "A licence\n",
};

/** Files and their directories; all may be run. */
export function writeFiles(directory: string, files: Readonly<Record<string, Buffer | string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
    chmodSync(join(directory, path), 0o755);
  }
}

/** What a run of the program has, with nothing shown. */
export function publishContext(test: TestContext, env: Readonly<Record<string, string>> = {}): Context {
  const signal = new AbortController().signal;
  const report = createReporter({
    mode: "text",
    quiet: true,
    verbose: false,
    color: false,
    interactive: false,
    stdin: () => new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    signal,
  });
  const home = tempDirectory(test);
  const context = createContext({
    config: loadConfig({
      // Some tests ask servers that fail or are not there.
      env: { PKG_SIGNING_KEY: SECRET_KEY, PKG_RETRY_FOR: "1s", ...env },
      platform: "linux",
      arch: "x64",
      flags: { home },
    }),
    report,
    signal,
    dryRun: false,
    yes: false,
    workingDirectory: home,
    json: false,
    stdin: new PassThrough(),
    version: "0.0.0",
    commandLine: "pkg",
    command: "pkg",
  });
  test.after(() => context.close());
  return context;
}

function publishIn(
  context: Context,
  directory: string,
  { host, change }: { readonly host: string; readonly change: PublishChange },
): Promise<Published> {
  const { typed = {}, ...rest } = change;
  return publish(context, {
    typed: {
      reference: `${host}/me/tools/trurl`,
      version: "8.14.1",
      name: null,
      license: "curl",
      description: null,
      homepage: null,
      source: null,
      family: null,
      id: null,
      files: ["x64/trurl@linux/amd64", "arm64/trurl@linux/arm64"],
      documents: ["LICENSE"],
      provides: [],
      ...typed,
    },
    manifest: null,
    directory,
    signing: { keys: [], passphraseFd: null, stdin: context.stdin, ask: async () => null },
    rolling: true,
    force: false,
    mountFrom: null,
    sboms: [],
    bundles: [],
    dryRun: false,
    ...rest,
  });
}

/** The code of what a promise was rejected with, and its message. */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "nothing",
    (error: unknown) => (error instanceof Error && "code" in error ? `${error.code}: ${error.message}` : String(error)),
  );
}
