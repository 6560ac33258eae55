import { lstatSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { serve } from "../http/local-server.ts";
import { jsonOf, type RunResult, runPkg } from "../support/run-pkg.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { tempHome } from "../support/temp-home.ts";

/** What an index says about a download, besides its address and its hashes. */
export interface DownloadEntry {
  readonly bytes: Buffer;
  readonly version?: string;
  /** Default: what `bytes` has. */
  readonly shasum?: string;
  readonly size?: number;
  readonly pkg_type?: string;
  readonly provides?: readonly string[];
  readonly files?: readonly { readonly source?: string; readonly to: string; readonly alias?: readonly string[] }[];
}

export interface DownloadWorld {
  readonly home: string;
  pkg(...args: readonly string[]): Promise<RunResult>;
  json(...args: readonly string[]): Promise<unknown>;
  /** Every file and link below the home, but for the databases: what a failure must not change. */
  tree(): readonly string[];
}

/** A home whose only repository, `plain`, lists downloads by name, and the server that they come from. */
export async function downloadWorld(
  t: TestContext,
  downloads: Readonly<Record<string, DownloadEntry>>,
): Promise<DownloadWorld> {
  const home = tempHome(t);
  const bodies = new Map<string, Buffer>(Object.entries(downloads).map(([name, { bytes }]) => [`/${name}`, bytes]));
  const server = await serve(t, (request, response) => {
    const body = bodies.get(decodeURIComponent(request.url ?? ""));
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  const packages = Object.entries(downloads).map(([name, { bytes, ...entry }]) => ({
    ...{ pkg_name: name, version: "1.0", download_url: `${server.origin}/${name}`, size: bytes.length },
    ...{ shasum: hashHex("sha256", bytes), bsum: hashHex("blake3", bytes), ...entry },
  }));
  bodies.set("/index.json", Buffer.from(JSON.stringify({ format: 1, packages })));
  const repository = `[repositories.plain]\nurl = "${server.origin}/index.json"\n`;
  writeFileSync(join(home, "config.toml"), NO_DEFAULT_REPOSITORIES + repository);
  const pkg = (...args: readonly string[]) => runPkg(args, { home });
  return {
    home,
    pkg,
    json: async (...args) => jsonOf(await pkg(...args, "--json")),
    tree: () =>
      readdirSync(home, { recursive: true, encoding: "utf8" })
        .filter((path) => !/^(?:index|state)/.test(path))
        .map((path) => ({ path, stats: lstatSync(join(home, path)) }))
        .filter(({ stats }) => !stats.isDirectory())
        .map(({ path, stats }) => `${path} ${stats.mode.toString(8)} ${stats.size}`)
        .toSorted(),
  };
}
