import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startRegistry } from "../../src/registry/server.ts";
import { createSigner, type Signer } from "./minisign-signer.ts";
import { type BuiltPackage, buildPackage, indexDocument, type PackageOptions } from "./package-builder.ts";
import { pushPackage } from "./package-publisher.ts";
import { type ProcessOptions, type ProcessResult, runPkgProcess } from "./pkg-process.ts";
import { type RunOptions, type RunResult, runPkg } from "./run-pkg.ts";
import { sampleConfig } from "./sample-config.ts";
import { type Cleanup, tempHome } from "./temp-home.ts";

/** A PKG_HOME whose repository `tools` and whose registry, an embedded one, are the test's own. */
export interface SampleHome {
  readonly path: string;
  readonly registryUrl: string;
  /** e.g. `127.0.0.1:40123` */
  readonly registryHost: string;
  readonly signer: Signer;
  /** What the registry was asked since the last call, as `METHOD path`. */
  takeRequests(): readonly string[];
  build(options: PackageOptions): BuiltPackage;
  push(...packages: readonly BuiltPackage[]): Promise<void>;
  /** What the index of `tools` holds from now on. */
  publishIndex(...packages: readonly BuiltPackage[]): void;
  /** Adds lines to config.toml. */
  configure(toml: string): void;
  /** Runs the program in this process. */
  pkg(args: readonly string[], options?: Partial<RunOptions>): Promise<RunResult>;
  /** Runs it as a process of its own. */
  pkgProcess(args: readonly string[], options?: Partial<ProcessOptions>): Promise<ProcessResult>;
  /** Runs with --json and gives exit code and document. */
  json(...args: readonly string[]): Promise<{ readonly code: number; readonly document: unknown }>;
}

/** Starts the registry and writes a config that knows nothing else; everything is removed after the test. */
export async function makeSampleHome(test: Cleanup): Promise<SampleHome> {
  const path = tempHome(test);
  const root = join(path, "served");
  let requests: string[] = [];
  const registry = await startRegistry({
    root,
    port: 0,
    onRequest: ({ method, path: asked }) => requests.push(`${method} ${asked}`),
  });
  test.after(() => registry.close());
  const signer = createSigner();
  const index = join(root, "index", "tools.json");
  mkdirSync(join(root, "index"), { recursive: true });
  const configFile = join(path, "config.toml");
  writeFileSync(
    configFile,
    sampleConfig({ indexUrl: `${registry.url}/index/tools.json`, key: signer.publicKey, registryUrl: registry.url }),
  );
  const pkg: SampleHome["pkg"] = (args, options) => runPkg(args, { home: path, ...options });
  return {
    path,
    registryUrl: registry.url,
    registryHost: new URL(registry.url).host,
    signer,
    takeRequests: () => requests.splice(0),
    build: (options) => buildPackage({ signer, ...options }),
    push: async (...packages) => {
      for (const built of packages) await pushPackage(built, registry.url);
      requests = [];
    },
    publishIndex: (...packages) => writeFileSync(index, indexDocument(packages)),
    configure: (toml) => writeFileSync(configFile, `${readFileSync(configFile, "utf8")}\n${toml}\n`),
    pkg,
    pkgProcess: (args, options) => runPkgProcess(args, { home: path, ...options }),
    json: async (...args) => {
      const { code, stdout } = await pkg([...args, "--json"]);
      return { code, document: JSON.parse(stdout) };
    },
  };
}
