import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DockerRegistry, startDockerRegistry } from "../test/support/docker-registry.ts";
import { createSigner } from "../test/support/minisign-signer.ts";
import { type BuiltPackage, buildPackage, indexDocument } from "../test/support/package-builder.ts";
import { pushPackage } from "../test/support/package-publisher.ts";

/** What the cases are measured in: a real registry, signed packages, and the built program. */
export interface World {
  readonly directory: string;
  readonly executable: string;
  readonly registryHost: string;
  /** The host of a second, empty registry; the one returned before it is stopped. */
  freshRegistry(): Promise<string>;
  has(program: string): boolean;
  /** `count` packages of about `bytes` each, pushed; calling it again gives the same ones. */
  packages(count: number, bytes: number): Promise<readonly BuiltPackage[]>;
  /** A home that is configured for the registry and an index of these packages, synced. */
  home(name: string, packages: readonly BuiltPackage[]): string;
  /** A synced home with an index of `entries` made-up packages, of about 1 KB each; calling it again gives the same one. */
  homeOfEntries(entries: number): string;
  /** The same with entries of a third of that, so that a document may have a million of them. */
  homeOfSmallEntries(entries: number): string;
  pkg(home: string, ...args: readonly string[]): readonly string[];
  stop(): Promise<void>;
}

export async function createWorld(directory: string, executable: string): Promise<World> {
  const registry = await startDockerRegistry();
  let fresh: DockerRegistry | null = null;
  const signer = createSigner();
  const made = new Map<string, readonly BuiltPackage[]>();
  const run = (command: readonly string[]) => {
    const [program = "", ...args] = command;
    const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}: ${stderr}`);
  };
  const pkg = (home: string, ...args: readonly string[]) => [executable, "--home", home, ...args];
  const configure = (name: string, index: Buffer): string => {
    const home = join(directory, name);
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "index.json"), index);
    writeFileSync(join(home, "config.toml"), configuration(home, signer.publicKey, registry?.url ?? ""));
    return home;
  };
  const synced = (name: string, index: () => Buffer): string => {
    const home = join(directory, name);
    if (existsSync(home)) return home;
    configure(name, index());
    run(pkg(home, "sync", "--quiet"));
    return home;
  };
  return {
    directory,
    executable,
    registryHost: registry?.host ?? "",
    freshRegistry: async () => {
      await fresh?.stop();
      fresh = await startDockerRegistry();
      return fresh?.host ?? "";
    },
    has: (program) =>
      program === "docker-registry" ? registry !== null : spawnSync(program, ["--version"]).error === undefined,
    pkg,
    packages: async (count, bytes) => {
      const key = `${count}x${bytes}`;
      const packages = made.get(key) ?? makePackages(count, bytes, signer);
      if (!made.has(key)) for (const built of packages) await pushPackage(built, registry?.url ?? "");
      made.set(key, packages);
      return packages;
    },
    home: (name, packages) => {
      const home = configure(name, indexDocument(packages));
      run(pkg(home, "sync", "--quiet"));
      return home;
    },
    homeOfEntries: (entries) => synced(`entries-${entries}`, () => listOf(entries, makeEntries())),
    homeOfSmallEntries: (entries) => synced(`small-${entries}`, () => listOf(entries, smallEntry)),
    stop: async () => {
      await registry?.stop();
      await fresh?.stop();
    },
  };
}

function configuration(home: string, key: string, mirror: string): string {
  return `sync_interval = "never"
[repositories.homebrew]
enabled = false
[repositories.soarpkgs]
enabled = false
[repositories.bench]
url = "file://${join(home, "index.json")}"
keys = ["${key}"]
signed_index = false
[registries."ghcr.io"]
mirrors = ["${mirror}"]
mirror_only = true
`;
}

/** Random bytes: they cannot be compressed on the way. */
function makePackages(count: number, bytes: number, signer: ReturnType<typeof createSigner>): readonly BuiltPackage[] {
  return Array.from({ length: count }, (_, index) =>
    buildPackage({
      name: `bench-${bytes}-${index}`,
      version: "1.0.0",
      program: randomProgram(bytes),
      signer,
      namespace: "bench/tools",
    }),
  );
}

function randomProgram(bytes: number): Buffer {
  const program = Buffer.alloc(bytes);
  const piece = 64 * 1024 * 1024;
  for (let offset = 0; offset < bytes; offset += piece)
    randomBytes(Math.min(piece, bytes - offset)).copy(program, offset);
  program.write("#!/bin/true\n");
  return program;
}

const WORDS = [
  "archive",
  "stream",
  "editor",
  "network",
  "parser",
  "graph",
  "terminal",
  "shell",
  "matrix",
  "signal",
  "window",
  "packet",
];

type Fields = Readonly<Record<string, unknown>>;

/** A document that lists so many entries. */
function listOf(count: number, entry: (index: number) => Fields): Buffer {
  const entries = Array.from({ length: count }, (_, index) =>
    Buffer.from(`${index === 0 ? "[" : ","}${JSON.stringify(entry(index))}`),
  );
  return Buffer.concat([...entries, Buffer.from("]")]);
}

/** Entries shaped like those of a first-generation index, about 1 KB each, with hashes of their own: these cannot be compressed. */
function makeEntries(): (index: number) => Fields {
  const [first] = makePackages(1, 64, createSigner());
  return (index) => {
    const { shasum, ...small } = smallEntry(index);
    return {
      ...first?.entry,
      ...{ ...small, shasum, bsum: hashOf(`b${index}`), ghcr_blob: `ghcr.io/bench/tools/bench@sha256:${shasum}` },
      tag: [wordOf(index, 2), wordOf(index, 5), wordOf(index, 7)],
      homepage: [`https://example.org/${small["pkg_name"]}`],
    };
  };
}

function wordOf(index: number, step: number): string {
  return WORDS[(index * step + (index >> 3)) % WORDS.length] ?? "";
}

function smallEntry(index: number): Fields {
  const name = `${wordOf(index, 1)}-${wordOf(index, 5)}-${index}`;
  return {
    ...{ pkg: `${name}.static`, pkg_name: name, pkg_id: `example.${name}`, pkg_type: "static", version: "1.0.0" },
    description: `A ${wordOf(index, 7)} ${wordOf(index, 3)} for the ${wordOf(index, 11)}`,
    ...{ ghcr_pkg: `ghcr.io/bench/tools/${index}:1.0.0`, shasum: hashOf(String(index)), provides: [name] },
  };
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
