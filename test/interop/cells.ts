import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hashHex } from "../../src/base/hashes.ts";
import { MANIFEST_ACCEPT } from "../../src/oci/media-types.ts";
import { ARTIFACT_TYPE, CLIENTS, type Client, pkgOci } from "./clients.ts";
import { assertSameBlobs, assertSameFiles, type Fixture, writeFiles, writeFixture } from "./fixture.ts";
import type { Desk } from "./process.ts";
import type { Server } from "./servers.ts";

export const OPERATIONS = ["push", "pull", "copy", "attach", "referrers", "delete"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** A client doing one thing to one server. */
export interface Cell {
  readonly client: Client;
  readonly server: Server;
  readonly operation: Operation;
}

/** A running server, and the tree that is pushed to it. */
export interface World {
  readonly host: string;
  readonly directory: string;
  readonly fixture: Fixture;
}

/** Every client, server and operation, in the order of the table. */
export function cellsOf(server: Server): readonly Cell[] {
  return CLIENTS.flatMap((client) => OPERATIONS.map((operation) => ({ client, server, operation })));
}

/** Why a cell cannot be run; null: it can. */
export function whyNotRun({ client, server, operation }: Cell): string | null {
  if (server.tool.kind === "absent") return server.tool.reason;
  if (client.tool.kind === "absent") return client.tool.reason;
  if (operation === "attach" && client.attach === null) return `${client.name} has no such command`;
  if (operation === "referrers" && client.referrers === null) return `${client.name} has no such command`;
  return null;
}

/** The directory is empty, or the same as for an earlier world. */
export function createWorld(host: string, directory: string): World {
  mkdirSync(directory, { recursive: true });
  return { host, directory, fixture: writeFixture(directory) };
}

/** Runs one cell; what one client writes another reads, `pkg` being one of the two. @throws {Error} when anything differs */
export async function runCell({ client, operation }: Cell, world: World): Promise<void> {
  const home = join(world.directory, `${client.name}-${operation}`);
  mkdirSync(home, { recursive: true });
  writeFiles(home);
  await RUN[operation]({ client, world, desk: { home }, name: `${world.host}/${operation}/${client.name}` });
}

interface Run {
  readonly client: Client;
  readonly world: World;
  readonly desk: Desk;
  /** A repository of its own. */
  readonly name: string;
}

const RUN: Readonly<Record<Operation, (run: Run) => Promise<void>>> = {
  push: runPush,
  pull: runPull,
  copy: runCopy,
  attach: runAttach,
  referrers: runReferrers,
  delete: runDelete,
};

async function runPush({ client, world, desk, name }: Run): Promise<void> {
  const { fixture } = world;
  await client.push(desk, fixture, `${name}:v1`);
  await assertServed(`${name}:v1`, fixture.digest);
  const layout = join(desk.home, "read-by-pkg");
  await pkgOci(desk, "copy", `${name}:v1`, `oci:${layout}:v1`);
  assertSameBlobs(fixture.layout, layout);
  if (client.pushFiles === null) return;
  await client.pushFiles(desk, `${name}:files`);
  const files = join(desk.home, "files-read-by-pkg");
  await pkgOci(desk, "pull", `${name}:files`, "-o", files);
  assertSameFiles(files);
}

async function runPull({ client, world, desk, name }: Run): Promise<void> {
  const { fixture } = world;
  await pushByPkg(desk, fixture, `${name}:v1`);
  const layout = join(desk.home, "pulled");
  await client.pull(desk, `${name}:v1`, { layout, tag: "v1" });
  assertSameBlobs(fixture.layout, layout);
  if (client.pullFiles === null) return;
  await pkgOci(desk, "push", `${name}:files`, "note.txt:text/plain", "tree");
  const files = join(desk.home, "files-pulled");
  mkdirSync(files);
  await client.pullFiles(desk, `${name}:files`, files);
  assertSameFiles(files);
}

async function runCopy({ client, world, desk, name }: Run): Promise<void> {
  const { fixture } = world;
  await pushByPkg(desk, fixture, `${name}-source:v1`);
  const attached = await attachByPkg(desk, `${name}-source:v1`);
  await client.copy(desk, `${name}-source:v1`, `${name}:v1`);
  await assertServed(`${name}:v1`, fixture.digest);
  const layout = join(desk.home, "read-by-pkg");
  await pkgOci(desk, "copy", `${name}:v1`, `oci:${layout}:v1`);
  assertSameBlobs(fixture.layout, layout);
  // Clients that support referrers were told to copy them.
  if (client.referrers !== null) await assertReferrer(desk, `${name}:v1`, attached);
}

async function runAttach({ client, world, desk, name }: Run): Promise<void> {
  await pushByPkg(desk, world.fixture, `${name}:v1`);
  await client.attach?.(desk, `${name}:v1`);
  const [digest = "none", ...others] = referrersIn(await pkgOci(desk, "referrers", `${name}:v1`));
  if (others.length > 0) throw new Error(`expected one referrer, found ${others.length + 1}`);
  await assertServed(`${name}@${digest}`, digest);
  const files = join(desk.home, "pulled-by-pkg");
  await pkgOci(desk, "pull", `${name}@${digest}`, "-o", files);
  const note = readFileSync(join(files, "note.txt"), "utf8");
  if (note !== "a note\n") throw new Error(`what was attached reads "${note}"`);
}

async function runReferrers({ client, world, desk, name }: Run): Promise<void> {
  await pushByPkg(desk, world.fixture, `${name}:v1`);
  const attached = await attachByPkg(desk, `${name}:v1`);
  const found = (await client.referrers?.(desk, `${name}:v1`)) ?? [];
  if (found.join() !== attached) throw new Error(`expected ${attached}, found "${found.join()}"`);
}

async function runDelete({ client, world, desk, name }: Run): Promise<void> {
  const { fixture } = world;
  await pushByPkg(desk, fixture, `${name}:v1`);
  await assertServed(`${name}@${fixture.digest}`, fixture.digest);
  await client.delete(desk, `${name}@${fixture.digest}`);
  const { status } = await ask(`${name}@${fixture.digest}`);
  if (status !== 404) throw new Error(`after the delete it is answered with ${status}`);
}

function pushByPkg(desk: Desk, { layout, tag }: Fixture, reference: string): Promise<unknown> {
  return pkgOci(desk, "copy", `oci:${layout}:${tag}`, reference);
}

async function attachByPkg(desk: Desk, reference: string): Promise<string> {
  const outcome = await pkgOci(desk, "attach", reference, "note.txt:text/plain", "--artifact-type", ARTIFACT_TYPE);
  if (typeof outcome === "object" && outcome !== null && "digest" in outcome) return String(outcome.digest);
  throw new Error("pkg oci attach told no digest");
}

async function assertReferrer(desk: Desk, reference: string, digest: string): Promise<void> {
  const found = referrersIn(await pkgOci(desk, "referrers", reference));
  if (!found.includes(digest)) throw new Error(`${digest} does not refer to ${reference}; found "${found.join()}"`);
}

/** Of ARTIFACT_TYPE alone. */
function referrersIn(outcome: unknown): readonly string[] {
  if (typeof outcome !== "object" || outcome === null || !("referrers" in outcome)) return [];
  const { referrers } = outcome;
  return Array.isArray(referrers)
    ? referrers.filter((item) => item.artifactType === ARTIFACT_TYPE).map((item) => String(item.digest))
    : [];
}

/** Asked without any of the programs. @throws {Error} unless the server holds the manifest */
async function assertServed(reference: string, digest: string): Promise<void> {
  const response = await ask(reference);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (response.status !== 200) throw new Error(`${reference} is answered with ${response.status}`);
  const found = `sha256:${hashHex("sha256", bytes)}`;
  if (found !== digest) throw new Error(`${reference} is ${found}, expected ${digest}`);
}

/** `host/name:tag` or `host/name@digest`. */
function ask(reference: string): Promise<Response> {
  const slash = reference.indexOf("/");
  const [, name = "", key = ""] = /^(.*?)[:@](.*)$/.exec(reference.slice(slash + 1)) ?? [];
  const url = `http://${reference.slice(0, slash)}/v2/${name}/manifests/${key}`;
  return fetch(url, { headers: { accept: MANIFEST_ACCEPT } });
}
