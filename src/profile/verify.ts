import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { createMultiHash, hashHex } from "../base/hashes.ts";
import { interruption } from "../base/interruption.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { openForReading } from "../fs/read-file.ts";
import { type Digest, digestAlgorithm } from "../oci/digest.ts";
import type { Installation, InstalledFile } from "../package/installation.ts";
import { pathInside } from "./installation-paths.ts";
import { expectedLinks } from "./link-plan.ts";
import { leadsTo, linkText } from "./link-text.ts";
import { occupantOf } from "./links.ts";
import { linkPath, type Places, packagePath } from "./places.ts";
import { isSamePlace } from "./prefix-owner.ts";
import { isSymlink } from "./stage.ts";

/** Whether one file or link is still as it was placed. */
export interface VerifiedPath {
  /** Absolute. */
  readonly path: string;
  readonly state: "ok" | "missing" | "changed";
  /** Digest, mode or link text; set only if it differs. */
  readonly expected?: string;
  readonly found?: string;
}

const PIECE_BYTES = 1024 * 1024;
const MODE_BITS = 0o7777;

/**
 * Hashes every file of an installation again.
 *
 * @throws {PkgError} INTERRUPTED, PERMISSION_DENIED, FILE_SYSTEM
 */
export async function verifyFiles(
  places: Places,
  installation: Installation,
  signal: AbortSignal,
): Promise<readonly VerifiedPath[]> {
  const directory = packagePath(places, installation.directory);
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  const states: VerifiedPath[] = [];
  for (const file of installation.files) {
    states.push(await verifyFile(pathInside(directory, file.path), file, { piece, signal }));
  }
  return states;
}

/** Looks whether the copies of an installation are there: they are for a person to edit. */
export function verifyCopies(places: Places, { links }: Installation): readonly VerifiedPath[] {
  return links
    .filter(({ kind }) => kind === "copy")
    .map((link): VerifiedPath => {
      const path = linkPath(places, link.path);
      return { path, state: occupantOf(path).kind === "absent" ? "missing" : "ok" };
    });
}

/** Looks whether a bottle is still in the prefix that its files name: a home may have been moved. */
export function verifyPrefix({ prefixDirectory }: Places, { keg }: Installation): readonly VerifiedPath[] {
  if (keg === null || isSamePlace(keg.prefix, prefixDirectory)) return [];
  return [{ path: prefixDirectory, state: "changed", expected: keg.prefix, found: prefixDirectory }];
}

/** Reads every link of an installation again. */
export function verifyLinks(places: Places, installation: Installation): readonly VerifiedPath[] {
  return expectedLinks(installation).map((link): VerifiedPath => {
    const path = linkPath(places, link.path);
    const occupant = occupantOf(path);
    if (occupant.kind === "absent") return { path, state: "missing" };
    if (leadsTo(places, link, occupant)) return { path, state: "ok" };
    const found = occupant.kind === "link" ? occupant.target : occupant.kind;
    return { path, state: "changed", expected: linkText(places, link), found };
  });
}

interface Reading {
  /** The buffer that files are read into, one after the other. */
  readonly piece: Buffer;
  readonly signal: AbortSignal;
}

async function verifyFile(path: string, file: InstalledFile, reading: Reading): Promise<VerifiedPath> {
  return isSymlink(file) ? verifySymlink(path, file) : verifyContent(path, file, reading);
}

function verifySymlink(path: string, { digest }: InstalledFile): VerifiedPath {
  const occupant = occupantOf(path);
  if (occupant.kind === "absent") return { path, state: "missing" };
  if (occupant.kind !== "link") return { path, state: "changed", expected: digest, found: occupant.kind };
  const algorithm = digestAlgorithm(digest);
  return compare(path, digest, `${algorithm}:${hashHex(algorithm, Buffer.from(occupant.target))}`);
}

async function verifyContent(path: string, file: InstalledFile, reading: Reading): Promise<VerifiedPath> {
  const handle = await openFile(path);
  if (handle === "missing") return { path, state: "missing" };
  if (handle === "special") return { path, state: "changed", expected: file.digest, found: "device" };
  if (handle === "link") return { path, state: "changed", expected: file.digest, found: "link" };
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return { path, state: "changed", expected: file.digest, found: "directory" };
    const content = compare(path, file.digest, await hashHandle(handle, file.digest, reading));
    return content.state === "ok" ? compare(path, formatMode(file.mode), formatMode(stats.mode)) : content;
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  } finally {
    await handle.close();
  }
}

function compare(path: string, expected: string, found: string): VerifiedPath {
  return expected === found ? { path, state: "ok" } : { path, state: "changed", expected, found };
}

function formatMode(mode: number): string {
  return `mode ${(mode & MODE_BITS).toString(8).padStart(4, "0")}`;
}

async function openFile(path: string): Promise<FileHandle | "missing" | "link" | "special"> {
  try {
    return await openForReading(path, constants.O_NOFOLLOW);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return "missing";
    if (code === "ELOOP") return "link";
    if (error instanceof PkgError) return "special";
    throw fileSystemError(error, `read "${path}"`);
  }
}

async function hashHandle(handle: FileHandle, digest: Digest, { piece, signal }: Reading): Promise<string> {
  const algorithm = digestAlgorithm(digest);
  const hash = createMultiHash([algorithm]);
  for (;;) {
    if (signal.aborted) throw interruption(signal.reason);
    const { bytesRead } = await handle.read(piece);
    if (bytesRead === 0) return `${algorithm}:${hash.digest()[algorithm]}`;
    hash.update(piece.subarray(0, bytesRead));
  }
}
