import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hashHex } from "../../src/base/hashes.ts";
import { type BlobStore, createBlobStore } from "../../src/blobs/blob-store.ts";
import { SYMLINK_MODE } from "../../src/fs/modes.ts";
import { sha256Digest } from "../../src/oci/digest.ts";
import type { Installation } from "../../src/package/installation.ts";
import { packageDirectory } from "../../src/profile/installation-paths.ts";
import { createProfile, type Profile, type ProfileOptions } from "../../src/profile/profile.ts";
import { openDatabase } from "../../src/state/database.ts";
import { createGenerations, type Generations } from "../../src/state/generations.ts";
import { createInstallations, type Installations } from "../../src/state/installations.ts";
import { createJournal, type Journal } from "../../src/state/journal.ts";
import { type VerifiedPackage, verifyPackage, withMembers } from "../../src/verify/package.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";

/** What a process of `pkg` opens in one home. */
export interface ProfileHome {
  readonly packages: string;
  readonly bin: string;
  readonly prefix: string;
  readonly share: string;
  readonly blobs: BlobStore;
  readonly journal: Journal;
  readonly installations: Installations;
  readonly generations: Generations;
  readonly profile: Profile;
  close(): void;
}

export interface HomeOptions {
  /** Default: a new one. */
  readonly home?: string;
  readonly blobRoot?: string;
  readonly prefix?: string;
  readonly origin?: NonNullable<ProfileOptions["origin"]>;
  readonly inUse?: NonNullable<ProfileOptions["inUse"]>;
}

export function openHome(home: string, options: HomeOptions = {}): ProfileHome {
  const database = openDatabase(join(home, "state.db"));
  const journal = createJournal(database);
  const installations = createInstallations(database);
  const generations = createGenerations(database);
  const blobs = createBlobStore({
    root: options.blobRoot ?? join(home, "blobs"),
    retry: { attempts: 1, patienceMs: 60_000, baseMs: 1, capMs: 1 },
    random: () => 0,
  });
  const { origin, inUse } = options;
  const [packages, bin] = [join(home, "packages"), join(home, "bin")];
  const places = {
    packagesDirectory: packages,
    binDirectory: bin,
    prefixDirectory: options.prefix ?? join(home, "brew"),
    dataDirectory: join(home, "share"),
    stateDatabase: join(home, "state.db"),
  };
  const profile = createProfile({
    ...places,
    ...(origin === undefined ? {} : { origin }),
    ...(inUse === undefined ? {} : { inUse }),
    journal,
    installations,
    blobs,
  });
  return {
    packages,
    bin,
    prefix: places.prefixDirectory,
    share: places.dataDirectory,
    blobs,
    journal,
    installations,
    generations,
    profile,
    close: () => database.close(),
  };
}

/** An open home in an empty directory, closed and removed after the test. */
export function tempProfile(test: Cleanup, options: HomeOptions = {}): ProfileHome {
  const opened = openHome(options.home ?? tempDirectory(test), options);
  test.after(() => opened.close());
  mkdirSync(opened.bin, { recursive: true });
  return opened;
}

export interface SamplePackage {
  readonly name: string;
  readonly version: string;
  /** Bytes by title; the first is the main program. */
  readonly files: Readonly<Record<string, string | Buffer>>;
  /** Link name to title. */
  readonly links: Readonly<Record<string, string>>;
}

/** What may be placed: verified, and the row that is to be recorded. */
export interface Prepared {
  readonly verified: VerifiedPackage;
  readonly draft: Installation;
}

/** Writes the blobs of a package and verifies it, as if it had been fetched. */
export function preparePackage({ blobs }: Pick<ProfileHome, "blobs">, sample: SamplePackage): Prepared {
  for (const content of Object.values(sample.files)) storeBlob(blobs, content);
  const verified = verifySample(sample);
  return { verified, draft: draftOf(sample, verified) };
}

/** A package that is a directory: its files by path; text that begins with `-> ` is a link. */
export async function prepareDirectory(sample: SamplePackage): Promise<Prepared> {
  const archive = verifySample({ ...sample, files: { "x.tar.zst": JSON.stringify(sample.files) } }, true);
  const verified = await withMembers(archive, async () =>
    Object.entries(sample.files).map(([path, content]) => {
      const { digest, size } = blobOf(contentOf(content));
      return { path, digest, size, mode: modeOf(path, content), blake3: null };
    }),
  );
  return { verified, draft: draftOf(sample, verified) };
}

function contentOf(content: string | Buffer): string | Buffer {
  return typeof content === "string" && content.startsWith(LINK) ? content.slice(LINK.length) : content;
}

const LINK = "-> ";

function modeOf(path: string, content: string | Buffer): number {
  if (contentOf(content) !== content) return SYMLINK_MODE;
  return path.startsWith("bin/") ? 0o755 : 0o644;
}

/** Writes what a directory's members are placed from. */
export function storeMembers({ blobs }: Pick<ProfileHome, "blobs">, { files }: SamplePackage): void {
  for (const content of Object.values(files)) storeBlob(blobs, contentOf(content));
}

function blobOf(content: string | Buffer) {
  const bytes = Buffer.from(content);
  const sha256 = hashHex("sha256", bytes);
  return { digest: sha256Digest(sha256), size: bytes.length, hashes: { sha256 } };
}

function storeBlob(blobs: BlobStore, content: string | Buffer): void {
  const { digest } = blobOf(content);
  if (!blobs.has(digest)) writeBlob(blobs.pathOf(digest), Buffer.from(content));
}

function verifySample({ name, files }: SamplePackage, archive = false): VerifiedPackage {
  const programs = Object.entries(files).map(([title, content]) => {
    const blob = blobOf(content);
    const expected = { sha256: blob.hashes.sha256, blake3: null, sizeBytes: blob.size };
    return { title, blob, signature: null, expected, ...(archive ? { archive } : {}) };
  });
  const fetched = {
    name,
    manifest: null,
    programs,
    checksum: Buffer.from("CHECKSUM"),
    checksumSignature: null,
    provenance: null,
    facts: null,
    wantedFacts: null,
  };
  return verifyPackage(fetched, {
    require: ["digest"],
    keys: [],
    allowLegacy: false,
    provenance: null,
    skip: ["checksum", "signature"],
  });
}

function draftOf({ name, version, links }: SamplePackage, { fetched, files }: VerifiedPackage): Installation {
  const [main] = fetched.programs;
  if (main === undefined) throw new Error("a package has a program");
  return {
    name,
    version,
    ...{ packageName: name, wish: null, isPinned: false, unlinked: [] },
    repository: "sample",
    owner: null,
    packageId: `example.org.${name}`,
    family: name,
    type: "static",
    reference: `127.0.0.1:5000/${name}:${version}`,
    manifestDigest: null,
    programDigest: main.blob.digest,
    sizeBytes: main.blob.size,
    directory: packageDirectory(name, version, main.blob.digest),
    files,
    links: Object.entries(links).map(([path, target]) => ({ path, target, kind: "link" as const })),
    taken: [],
    checks: ["digest"],
    skipped: ["checksum", "signature"],
    signedBy: null,
    provenance: null,
    publisherKey: null,
    signedAs: null,
    ...{ dependencies: [], isDependency: false, keg: null, image: null },
    installedAt: "2026-01-02T03:04:05.000Z",
    requested: name,
    expected: main.expected,
    evidence: { manifest: null, checksum: fetched.checksum, checksumSignature: null, entry: null, signatures: {} },
  };
}

function writeBlob(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

/** Places one package; throws the error that prevented it. */
export function place(
  { profile }: Pick<ProfileHome, "profile">,
  verified: VerifiedPackage,
  installation: Installation,
  options: { readonly force: boolean },
) {
  const [result] = profile.apply([{ kind: "place", verified, installation }], options);
  if (result?.kind === "failed") throw result.error;
  if (result?.kind !== "placed") throw new Error("the package was not placed");
  return result;
}

/** Removes one package; throws the error that prevented it. */
export function removePackage({ profile }: Pick<ProfileHome, "profile">, installation: Installation) {
  const [result] = profile.apply([{ kind: "remove", installation }], { force: false });
  if (result?.kind === "failed") throw result.error;
  if (result?.kind !== "removed") throw new Error("the package was not removed");
  return { left: result.left };
}

/** Prepares a package and places it. */
export function placePackage(home: ProfileHome, sample: SamplePackage, force = false) {
  const { verified, draft } = preparePackage(home, sample);
  return place(home, verified, draft, { force });
}

/** The package `x`, whose program says its name and version. */
export function sampleProgram(version: string, changes: Partial<SamplePackage> = {}): SamplePackage {
  return { name: "x", version, files: { x: script(`x ${version}`) }, links: { x: "x" }, ...changes };
}

/** What a program prints. */
export function run(path: string): string {
  return execFileSync(path, { encoding: "utf8" }).trim();
}

/** The small program that says `words`. */
export function script(words: string): string {
  return `#!/bin/sh\necho ${words}\n`;
}

/** Everything below `root` by path: mode and what it holds. */
export function readTree(root: string): Readonly<Record<string, string>> {
  const entries = readdirSync(root, { recursive: true, encoding: "utf8" }).toSorted();
  return Object.fromEntries(entries.map((path) => [path, describe(join(root, path))]));
}

function describe(path: string): string {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return `-> ${readlinkSync(path)}`;
  const mode = (stats.mode & 0o7777).toString(8);
  if (stats.isDirectory()) return `${mode} directory`;
  return `${mode} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
}

/** What is placed and recorded: two of these are equal when nothing that matters differs. */
export function readState({ packages, bin, prefix, share, installations, journal }: ProfileHome) {
  return {
    packages: readTree(packages),
    bin: readTree(bin),
    ...(existsSync(prefix) ? { prefix: readTree(prefix) } : {}),
    ...(existsSync(share) ? { share: readTree(share) } : {}),
    installations: installations.list().map(({ name }) => installations.get(name)),
    journal: journal.open(),
  };
}
