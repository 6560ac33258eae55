import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { isInstalled } from "../support/docker-registry.ts";

/** A third-party program, or why it is missing. */
export type Tool =
  | { readonly kind: "had"; readonly path: string }
  | { readonly kind: "absent"; readonly reason: string };

/** Where `test/interop/setup` puts what it builds. */
const INTEROP_DIRECTORY = process.env["PKG_INTEROP_DIR"] ?? join(tmpdir(), "pkg-interop");
const REPORT = join(INTEROP_DIRECTORY, "tools.tsv");

type BuiltName = "crane" | "oras" | "distribution" | "conformance" | "conformance-workflows" | "zot";

/** Larger than some module proxies hand out. */
const MAY_BE_MISSING: ReadonlySet<string> = new Set(["zot"] satisfies readonly BuiltName[]);

/** One that `setup` builds. @throws {Error} in CI when it could have been built, and setup was not run */
export function builtTool(name: BuiltName): Tool {
  const path = join(INTEROP_DIRECTORY, "bin", name);
  return existsSync(path) ? { kind: "had", path } : { kind: "absent", reason: reasonFor(name) };
}

/** The directory of the JSON schemas that the OCI image-spec publishes. @throws {Error} as builtTool */
export function imageSpecSchemas(): Tool {
  const path = join(INTEROP_DIRECTORY, "image-spec-schema");
  if (existsSync(join(path, "image-manifest-schema.json"))) return { kind: "had", path };
  const reason = reasonFor("image-spec-schema");
  // The module holds only documents, so wherever Go is installed, it can be fetched.
  if (process.env["CI"] === "true" && hasGo()) throw new Error(reason);
  return { kind: "absent", reason };
}

/** One that the system has. @throws {Error} in CI when it has not */
export function systemTool(name: "skopeo" | "docker-registry"): Tool {
  return isInstalled(name) ? { kind: "had", path: name } : { kind: "absent", reason: `${name} is not installed` };
}

/** The program to run. @throws {Error} when it is missing */
export function pathOf(tool: Tool): string {
  if (tool.kind === "absent") throw new Error(tool.reason);
  return tool.path;
}

function reasonFor(name: string): string {
  if (!existsSync(REPORT)) {
    if (process.env["CI"] === "true" && hasGo()) throw new Error("CI must run test/interop/setup before the tests");
    return `${name} is not built: run test/interop/setup`;
  }
  const rows = readFileSync(REPORT, "utf8")
    .split("\n")
    .map((line) => line.split("\t"));
  if (process.env["CI"] === "true" && hasGo() && !MAY_BE_MISSING.has(name))
    throw new Error(`CI must have ${name}: ${REPORT}`);
  const status = rows.find(([tool]) => tool === name)?.[2] ?? rows.find(([tool]) => tool === "go")?.[2];
  return `${name}: ${status ?? "not built"}`;
}

/** Looks where setup looks. */
function hasGo(): boolean {
  const PATH = `${process.env["PATH"] ?? ""}${delimiter}/usr/local/go/bin`;
  return spawnSync("go", ["version"], { env: { PATH } }).error === undefined;
}
