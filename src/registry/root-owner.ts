import { asObject, parseJson } from "../base/json.ts";
import { PkgError } from "../errors.ts";
import type { RootFiles } from "./root-files.ts";
import { ROOT, rootPath } from "./root-path.ts";

/** Whose content a registry's directory holds: what was pushed to it, or what one upstream gave. */
export type RootOwner =
  | { readonly kind: "registry" }
  /** `upstream` is its origin and path, without a slash at the end: `https://ghcr.io`. */
  | { readonly kind: "cache"; readonly upstream: string };

const RECORD = rootPath("registry.json");

/** What a directory has once something was to be stored in it. */
const CONTENT = ["blobs", "repositories"];

/**
 * Binds a directory to its owner: recorded when it is first used, and compared from then on. Otherwise what one upstream
 * gave would be served as another's, and what a cache holds as if it had been pushed.
 *
 * A directory of an earlier version has no record; it gets the one of whoever serves it first.
 *
 * @param onUnknown called when a cache takes over content without a record
 * @returns true if it was recorded now
 * @throws {PkgError} PATH_CONFLICT when it belongs to another; DATABASE_INVALID for a record that cannot be read
 */
export async function claimRoot(
  files: RootFiles,
  owner: RootOwner,
  onUnknown: (message: string) => void,
): Promise<boolean> {
  const found = await readOwner(files);
  if (found === null) {
    await recordOwner(files, owner, onUnknown);
    return true;
  }
  if (nameOf(found) === nameOf(owner)) return false;
  throw new PkgError("PATH_CONFLICT", `Cannot serve "${files.root}" as ${nameOf(owner)}: it is ${nameOf(found)}`, {
    hint: `Give another --root, or ${wayBack(found)}; to keep what it holds nevertheless, remove "${files.root}/${RECORD}"`,
  });
}

/** Takes back what claimRoot() recorded, for one who did not get to serve it. */
export async function disownRoot(files: RootFiles): Promise<void> {
  await files.remove(RECORD);
}

async function recordOwner(files: RootFiles, owner: RootOwner, onUnknown: (message: string) => void): Promise<void> {
  const entries = await files.list(ROOT);
  if (owner.kind === "cache" && entries.some(({ name }) => CONTENT.includes(name))) {
    onUnknown(`Nothing says where the content of "${files.root}" is from; from now on it is ${nameOf(owner)}`);
  }
  await files.write(RECORD, Buffer.from(`${JSON.stringify({ schemaVersion: 1, ...owner })}\n`));
}

async function readOwner(files: RootFiles): Promise<RootOwner | null> {
  const bytes = await files.read(RECORD);
  if (bytes === null) return null;
  const invalid = (cause?: unknown) =>
    new PkgError("DATABASE_INVALID", `Cannot use "${files.root}/${RECORD}": it does not say whose content is there`, {
      hint: "It was damaged, or written by a newer version; if you know that the content is right, remove this file",
      cause,
    });
  const record = asObject(parseJson(bytes, invalid));
  if (record?.["schemaVersion"] !== 1) throw invalid();
  const { kind, upstream } = record;
  if (kind === "registry") return { kind };
  if (kind === "cache" && typeof upstream === "string") return { kind, upstream };
  throw invalid();
}

function nameOf(owner: RootOwner): string {
  return owner.kind === "cache" ? `a cache of ${owner.upstream}` : "a registry that is pushed to";
}

function wayBack(owner: RootOwner): string {
  return owner.kind === "cache" ? `serve it with --upstream ${owner.upstream}` : "serve it without --upstream";
}
