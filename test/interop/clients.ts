import { jsonOf, runPkg } from "../support/run-pkg.ts";
import { type Desk, runTool } from "./process.ts";
import { builtTool, pathOf, systemTool, type Tool } from "./tools.ts";

export const ARTIFACT_TYPE = "application/vnd.example.note";

export interface Place {
  readonly layout: string;
  readonly tag: string;
}

/** A program that pushes and pulls. Null: it lacks the command. References are `host/name:tag`, in a registry over plain http. */
export interface Client {
  readonly name: string;
  readonly tool: Tool;
  readonly push: (desk: Desk, from: Place, reference: string) => Promise<unknown>;
  readonly pull: (desk: Desk, reference: string, to: Place) => Promise<unknown>;
  /** All platforms; referrers too where it has the option. */
  readonly copy: (desk: Desk, source: string, target: string) => Promise<unknown>;
  /** By digest, as `host/name@digest`. */
  readonly delete: (desk: Desk, reference: string) => Promise<unknown>;
  /** `note.txt`, as ARTIFACT_TYPE. */
  readonly attach: ((desk: Desk, reference: string) => Promise<unknown>) | null;
  /** Digests of what refers to it. */
  readonly referrers: ((desk: Desk, reference: string) => Promise<readonly string[]>) | null;
  /** `note.txt` and the directory `tree`. */
  readonly pushFiles: ((desk: Desk, reference: string) => Promise<unknown>) | null;
  readonly pullFiles: ((desk: Desk, reference: string, directory: string) => Promise<unknown>) | null;
}

/** Runs `pkg oci … --plain-http --json` and gives its document. @throws {Error} with stderr */
export async function pkgOci(desk: Desk, ...args: readonly string[]): Promise<unknown> {
  const result = await runPkg(["oci", ...args, "--plain-http", "--json"], { home: desk.home });
  if (result.code !== 0) throw new Error(`pkg oci ${args.join(" ")}: ${result.stderr || result.stdout}`);
  return jsonOf(result);
}

const pkg: Client = {
  name: "pkg",
  tool: { kind: "had", path: process.execPath },
  push: (desk, { layout, tag }, reference) => pkgOci(desk, "copy", `oci:${layout}:${tag}`, reference),
  pull: (desk, reference, { layout, tag }) => pkgOci(desk, "copy", reference, `oci:${layout}:${tag}`),
  copy: (desk, source, target) => pkgOci(desk, "copy", "--recursive", source, target),
  delete: (desk, reference) => pkgOci(desk, "manifest", "delete", reference),
  attach: (desk, reference) =>
    pkgOci(desk, "attach", reference, "note.txt:text/plain", "--artifact-type", ARTIFACT_TYPE),
  referrers: async (desk, reference) => digestsOf(await pkgOci(desk, "referrers", reference)),
  pushFiles: (desk, reference) => pkgOci(desk, "push", reference, "note.txt:text/plain", "tree"),
  pullFiles: (desk, reference, directory) => pkgOci(desk, "pull", reference, "-o", directory),
};

const oras = builtTool("oras");
const runOras = (desk: Desk, ...args: readonly string[]) => runTool(desk, pathOf(oras), args);

const orasClient: Client = {
  name: "oras",
  tool: oras,
  push: (desk, { layout, tag }, reference) =>
    runOras(desk, "cp", "--from-oci-layout", `${layout}:${tag}`, "--to-plain-http", reference),
  pull: (desk, reference, { layout, tag }) =>
    runOras(desk, "cp", "--from-plain-http", reference, "--to-oci-layout", `${layout}:${tag}`),
  copy: (desk, source, target) => runOras(desk, "cp", "-r", "--from-plain-http", source, "--to-plain-http", target),
  delete: (desk, reference) => runOras(desk, "manifest", "delete", "--force", "--plain-http", reference),
  attach: (desk, reference) =>
    runOras(desk, "attach", "--plain-http", "--artifact-type", ARTIFACT_TYPE, reference, "note.txt:text/plain"),
  referrers: async (desk, reference) =>
    digestsOf(JSON.parse(await runOras(desk, "discover", "--plain-http", "--format", "json", reference))),
  pushFiles: (desk, reference) => runOras(desk, "push", "--plain-http", reference, "note.txt:text/plain", "tree"),
  pullFiles: (desk, reference, directory) => runOras(desk, "pull", "--plain-http", "-o", directory, reference),
};

const crane = builtTool("crane");
const runCrane = (desk: Desk, ...args: readonly string[]) => runTool(desk, pathOf(crane), args);

const craneClient: Client = {
  name: "crane",
  tool: crane,
  push: (desk, { layout }, reference) => runCrane(desk, "push", "--insecure", layout, reference),
  pull: (desk, reference, { layout }) => runCrane(desk, "pull", "--insecure", "--format", "oci", reference, layout),
  copy: (desk, source, target) => runCrane(desk, "copy", "--insecure", source, target),
  delete: (desk, reference) => runCrane(desk, "delete", "--insecure", reference),
  attach: null,
  referrers: null,
  pushFiles: null,
  pullFiles: null,
};

const skopeo = systemTool("skopeo");
const runSkopeo = (desk: Desk, ...args: readonly string[]) => runTool(desk, pathOf(skopeo), args);
const SKOPEO_COPY = ["copy", "--quiet", "--all", "--preserve-digests"];

const skopeoClient: Client = {
  name: "skopeo",
  tool: skopeo,
  push: (desk, { layout, tag }, reference) =>
    runSkopeo(desk, ...SKOPEO_COPY, "--dest-tls-verify=false", `oci:${layout}:${tag}`, `docker://${reference}`),
  pull: (desk, reference, { layout, tag }) =>
    runSkopeo(desk, ...SKOPEO_COPY, "--src-tls-verify=false", `docker://${reference}`, `oci:${layout}:${tag}`),
  copy: (desk, source, target) => {
    const insecure = ["--src-tls-verify=false", "--dest-tls-verify=false"];
    return runSkopeo(desk, ...SKOPEO_COPY, ...insecure, `docker://${source}`, `docker://${target}`);
  },
  delete: (desk, reference) => runSkopeo(desk, "delete", "--tls-verify=false", `docker://${reference}`),
  attach: null,
  referrers: null,
  pushFiles: null,
  pullFiles: null,
};

export const CLIENTS: readonly Client[] = [pkg, orasClient, craneClient, skopeoClient];

/** Both programs print `{ referrers: [{ digest, … }] }`. */
function digestsOf(document: unknown): readonly string[] {
  if (typeof document !== "object" || document === null || !("referrers" in document)) return [];
  const { referrers } = document;
  if (!Array.isArray(referrers)) return [];
  return referrers.map((referrer: unknown) =>
    typeof referrer === "object" && referrer !== null && "digest" in referrer ? String(referrer.digest) : "",
  );
}
