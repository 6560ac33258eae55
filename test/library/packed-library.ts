import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "../..");
const MODULES = join(ROOT, "node_modules");
const TSC = join(MODULES, ".bin", "tsc");
/** What TypeScript must know of Node itself. */
const NODE_TYPES = ["@types/node", "undici-types"];
/** Nothing listens there: a request for a package fails at once. */
const NO_REGISTRY = "http://127.0.0.1:1/";

const start = promisify(execFile);

export interface Finished {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project in an empty directory, and what is run in it: without any network, and with nothing of this repository. */
export interface Project {
  readonly directory: string;
  run(program: string, args: readonly string[]): Promise<Finished>;
  npm(...args: readonly string[]): Promise<Finished>;
  /** Checks all modules of the project, and the declarations they lead to. */
  checkTypes(resolution: "nodenext" | "bundler"): Promise<Finished>;
}

/** An empty project of ES modules in `directory`; npm keeps its own files next to it. */
export function emptyProject(directory: string): Project {
  const project = join(directory, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{"name":"project","private":true,"type":"module"}');
  const env = {
    HOME: directory,
    PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
    NO_COLOR: "1",
    npm_config_cache: join(directory, "cache"),
    npm_config_registry: NO_REGISTRY,
    npm_config_update_notifier: "false",
  };
  const run = (program: string, args: readonly string[], cwd = project) => finish(program, args, { cwd, env });
  return {
    directory: project,
    run: (program, args) => run(program, args),
    npm: (...args) => run("npm", args),
    checkTypes: (resolution) => run(TSC, ["--noEmit", "-p", writeTypesConfig(project, resolution)]),
  };
}

/** Packs the library as CONTRIBUTING.md says, and gives the path of the tarball. */
export async function packLibrary(project: Project): Promise<string> {
  const { status, stdout, stderr } = await project.npm("pack", join(ROOT, "packages/oci"), "--json", "--silent");
  if (status !== 0) throw new Error(`Cannot pack the library: ${stderr}`);
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf("[")));
  return join(project.directory, packed.filename);
}

/** These packages and all that they need in turn. */
export function withDependencies(names: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const { dependencies = {} } = JSON.parse(readFileSync(join(MODULES, name, "package.json"), "utf8"));
    queue.push(...Object.keys(dependencies));
  }
  return [...found];
}

/**
 * Installs the tarball. Its dependencies are put into the project beforehand, as no registry can be asked for them; npm keeps
 * them, as they are the versions that the package wants, and looks no further.
 */
export async function installLibrary(project: Project, tarball: string, dependencies: readonly string[]) {
  for (const name of withDependencies(dependencies)) copyModule(project, name);
  const { status, stderr } = await project.npm("install", "--offline", "--no-audit", "--no-fund", tarball);
  if (status !== 0) throw new Error(`Cannot install the library: ${stderr}`);
  for (const name of NODE_TYPES) linkModule(project, name);
}

function copyModule({ directory }: Project, name: string): void {
  cpSync(join(MODULES, name), join(directory, "node_modules", name), { recursive: true });
}

function linkModule({ directory }: Project, name: string): void {
  const path = join(directory, "node_modules", name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(MODULES, name), path);
}

function writeTypesConfig(directory: string, resolution: "nodenext" | "bundler"): string {
  const compilerOptions = {
    strict: true,
    skipLibCheck: false,
    module: resolution === "bundler" ? "preserve" : "nodenext",
    moduleResolution: resolution,
    target: "es2024",
    lib: ["es2024"],
    types: ["node"],
  };
  const path = join(directory, `tsconfig.${resolution}.json`);
  writeFileSync(path, JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  return path;
}

async function finish(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Finished> {
  try {
    return { status: 0, ...(await start(program, args, { ...options, encoding: "utf8" })) };
  } catch (error) {
    if (!(error instanceof Error) || !("stdout" in error) || !("stderr" in error)) throw error;
    return { status: 1, stdout: String(error.stdout), stderr: String(error.stderr) };
  }
}
