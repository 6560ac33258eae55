import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { COMPILE_CACHE, MAIN } from "../support/pkg-process.ts";
import { type ServerProcess, startServer } from "./process.ts";
import { builtTool, pathOf, systemTool, type Tool } from "./tools.ts";

/** A registry that can be started again, empty. */
export interface Server {
  readonly name: string;
  readonly tool: Tool;
  /** `directory` is its own. */
  readonly start: (directory: string) => Promise<ServerProcess>;
}

const distribution = builtTool("distribution");
const crane = builtTool("crane");
const zot = builtTool("zot");

export const SERVERS: readonly Server[] = [
  { name: "pkg registry", tool: { kind: "had", path: MAIN }, start: (directory) => startPkg(directory) },
  { name: "docker-registry", tool: systemTool("docker-registry"), start: startDebian },
  {
    name: "distribution v3",
    tool: distribution,
    start: (directory) => startDistribution(pathOf(distribution), directory),
  },
  { name: "crane registry", tool: crane, start: (directory) => startCrane(pathOf(crane), directory) },
  { name: "zot", tool: zot, start: (directory) => startZot(pathOf(zot), directory) },
];

export function startPkg(directory: string, ...more: readonly string[]): Promise<ServerProcess> {
  const serve = [MAIN, "registry", "serve", "--root", join(directory, "root"), ...more];
  return startServer({
    program: process.execPath,
    args: (port) => [...serve, "--port", String(port)],
    directory,
    env: { PKG_HOME: directory, ...COMPILE_CACHE },
  });
}

async function startDebian(): Promise<ServerProcess> {
  const registry = await startDockerRegistry();
  if (registry === null) throw new Error("docker-registry is not installed");
  return registry;
}

function startDistribution(program: string, directory: string): Promise<ServerProcess> {
  return startServer({
    program,
    args: (port) => {
      const config = join(directory, "config.yml");
      writeFileSync(
        config,
        [
          "version: 0.1",
          `storage: { filesystem: { rootdirectory: ${JSON.stringify(directory)} }, delete: { enabled: true } }`,
          `http: { addr: "127.0.0.1:${port}" }`,
          "",
        ].join("\n"),
      );
      return ["serve", config];
    },
    directory,
    // Otherwise it would look for a trace collector.
    env: { OTEL_TRACES_EXPORTER: "none" },
  });
}

function startCrane(program: string, directory: string): Promise<ServerProcess> {
  const disk = join(directory, "blobs");
  mkdirSync(disk);
  const args = (port: number) => ["registry", "serve", "--address", `127.0.0.1:${port}`, "--disk", disk];
  return startServer({ program, args, directory });
}

function startZot(program: string, directory: string): Promise<ServerProcess> {
  return startServer({
    program,
    args: (port) => {
      const config = join(directory, "config.json");
      const storage = { rootDirectory: join(directory, "root"), gc: false };
      const http = { address: "127.0.0.1", port: String(port) };
      writeFileSync(config, JSON.stringify({ distSpecVersion: "1.1.1", storage, http, log: { level: "error" } }));
      return ["serve", config];
    },
    directory,
  });
}
