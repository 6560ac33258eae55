import { zstdCompressSync } from "node:zlib";
import { hashHex } from "../../src/base/hashes.ts";
import { type Digest, sha256Digest } from "../../src/oci/digest.ts";
import { OCI_EMPTY, OCI_MANIFEST } from "../../src/oci/media-types.ts";
import { type RawEntry, tarOf } from "../archive/tar-builder.ts";
import type { Signer } from "./minisign-signer.ts";

export type ChecksumFormat = "g1" | "g2" | "coreutils" | "bsd";

export interface PackageOptions {
  readonly name: string;
  readonly version: string;
  /** Bytes of the main program; a string is taken as a shell script's body; default prints name and version. */
  readonly program?: Buffer | string;
  /** Instead of the program: a directory, as the archive `NAME.tar.zst`; given by its entries, or as a tar. */
  readonly directory?: readonly RawEntry[] | Buffer;
  /** More executable files, by title; each listed in CHECKSUM and signed. */
  readonly programs?: Readonly<Record<string, Buffer>>;
  /** Any other files, by title, as they are: they replace a file made here. */
  readonly files?: Readonly<Record<string, Buffer>>;
  /** Titles left out of the artifact, e.g. `CHECKSUM.sig`. */
  readonly omit?: readonly string[];
  /** Null (default): no `.sig` files. */
  readonly signer?: Signer | null;
  readonly checksumFormat?: ChecksumFormat;
  /** Default `ghcr.io`. */
  readonly registry?: string;
  /** Default `pkgforge/bincache`. */
  readonly namespace?: string;
  readonly family?: string;
  readonly host?: string;
  readonly provides?: readonly string[];
  /** Of the manifest, as `pkg publish` has them. */
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Fields that are set on, or with null taken from, the index entry. */
  readonly entry?: Readonly<Record<string, unknown>>;
}

export interface BuiltPackage {
  readonly name: string;
  readonly version: string;
  /** Path in the registry, e.g. `pkgforge/bincache/trurl/trurl`. */
  readonly repository: string;
  readonly tag: string;
  /** `<registry>/<repository>:<tag>`, as the index names it. */
  readonly reference: string;
  /** By title, in layer order. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly program: Buffer;
  readonly programDigest: Digest;
  readonly manifest: Buffer;
  readonly manifestDigest: Digest;
  /** The config and every layer. */
  readonly blobs: ReadonlyMap<Digest, Buffer>;
  /** The entry of a G1 index that matches: every scalar a string. */
  readonly entry: Readonly<Record<string, unknown>>;
}

const EMPTY_CONFIG = Buffer.from("{}");
const ARCHIVE_ENDING = ".tar.zst";

/** Builds a package as the G1 registries hold it; the same options give the same bytes (signatures included). */
export function buildPackage(options: PackageOptions): BuiltPackage {
  const files = packageFiles(options);
  const program = programBytes(options);
  const { manifest, blobs } = imageManifest(options, files);
  const host = options.host ?? "x86_64-linux";
  const repository = `${options.namespace ?? "pkgforge/bincache"}/${options.family ?? options.name}/${options.name}`;
  const tag = `${options.version}-${host.toLowerCase()}`.replaceAll(/[^A-Za-z0-9._-]/g, "_");
  const built = {
    name: options.name,
    version: options.version,
    repository,
    tag,
    reference: `${options.registry ?? "ghcr.io"}/${repository}:${tag}`,
    files,
    program,
    programDigest: digestOf(program),
    manifest,
    manifestDigest: digestOf(manifest),
    blobs,
  };
  return { ...built, entry: indexEntry(options, built) };
}

/** The bytes of a G1 index: a bare array of entries. */
export function indexDocument(packages: readonly BuiltPackage[]): Buffer {
  return Buffer.from(JSON.stringify(packages.map(({ entry }) => entry)));
}

/** A CHECKSUM file in one of the forms in use. */
export function checksumFile(files: ReadonlyMap<string, Buffer>, format: ChecksumFormat): Buffer {
  const lines = [...files].flatMap(([title, bytes]) => checksumLines(title, bytes, format));
  return Buffer.from(`${(format === "g2" ? lines.toSorted() : lines).join("\n")}\n`);
}

function checksumLines(title: string, bytes: Buffer, format: ChecksumFormat): readonly string[] {
  const [blake3, sha256] = [hashHex("blake3", bytes), hashHex("sha256", bytes)];
  switch (format) {
    case "g1":
      return [`${title}:${blake3}`];
    case "g2":
      return [`BLAKE3: ${blake3}  ${title}`, `SHA256: ${sha256}  ${title}`];
    case "coreutils":
      return [`${sha256}  ${title}`];
    case "bsd":
      return [`SHA256 (${title}) = ${sha256}`];
  }
}

function mainTitle({ name, directory }: PackageOptions): string {
  return directory === undefined ? name : `${name}${ARCHIVE_ENDING}`;
}

function programBytes({ name, version, program, directory }: PackageOptions): Buffer {
  if (directory !== undefined) return zstdCompressSync(tarBytes(directory));
  if (program instanceof Buffer) return program;
  return Buffer.from(`#!/bin/sh\n${program ?? `echo "${name} ${version}"`}\n`);
}

function tarBytes(directory: readonly RawEntry[] | Buffer): Buffer {
  return Buffer.isBuffer(directory) ? directory : tarOf(...directory);
}

function packageFiles(options: PackageOptions): ReadonlyMap<string, Buffer> {
  const { name, version } = options;
  const listed = new Map<string, Buffer>([
    [mainTitle(options), programBytes(options)],
    ...Object.entries(options.programs ?? {}),
    [`${name}.log`, Buffer.from(`building ${name} ${version}\n`.repeat(64))],
    [`${name}.version`, Buffer.from(`${version}\n`)],
    ["LICENSE", Buffer.from("Permission is granted to use this in tests\n")],
  ]);
  const metadata = Buffer.from(JSON.stringify({ pkg: name, pkg_name: name, version }));
  const own = new Map([
    ...listed,
    ["CHECKSUM", checksumFile(listed, options.checksumFormat ?? "g1")],
    [`${name}.json`, metadata],
    ...Object.entries(options.files ?? {}),
  ]);
  const files = new Map([...own].flatMap((file) => [file, ...signatureOf(file, options.signer ?? null)]));
  for (const title of options.omit ?? []) files.delete(title);
  return new Map([...files, ...Object.entries(options.files ?? {})]);
}

function signatureOf([title, bytes]: readonly [string, Buffer], signer: Signer | null): readonly [string, Buffer][] {
  if (signer === null || title.endsWith(".sig")) return [];
  return [[`${title}.sig`, signer.sign(bytes, title)]];
}

function imageManifest(
  { artifactType, annotations }: PackageOptions,
  files: ReadonlyMap<string, Buffer>,
): { readonly manifest: Buffer; readonly blobs: ReadonlyMap<Digest, Buffer> } {
  const layers = [...files].map(([title, bytes]) => ({
    mediaType: `application/vnd.oci.image.layer.v1.tar${title.endsWith(ARCHIVE_ENDING) ? "+zstd" : ""}`,
    digest: digestOf(bytes),
    size: bytes.byteLength,
    annotations: { "org.opencontainers.image.title": title },
  }));
  const config = { mediaType: OCI_EMPTY, digest: digestOf(EMPTY_CONFIG), size: EMPTY_CONFIG.byteLength };
  const document = { schemaVersion: 2, mediaType: OCI_MANIFEST, artifactType, config, layers, annotations };
  const manifest = Buffer.from(JSON.stringify(document));
  const blobs = [EMPTY_CONFIG, ...files.values()].map((bytes) => [digestOf(bytes), bytes] as const);
  return { manifest, blobs: new Map(blobs) };
}

function indexEntry(options: PackageOptions, built: Omit<BuiltPackage, "entry">): Readonly<Record<string, unknown>> {
  const total = [...built.files.values()].reduce((sum, bytes) => sum + bytes.byteLength, 0);
  const path = built.reference.slice(0, built.reference.lastIndexOf(":"));
  const entry = {
    _disabled: "false",
    pkg: built.name,
    pkg_name: built.name,
    pkg_family: options.family ?? built.name,
    pkg_id: `test.${built.repository.replaceAll("/", ".")}`,
    pkg_type: options.directory === undefined ? "static" : "archive",
    host: options.host ?? "x86_64-Linux",
    version: built.version,
    description: `The ${built.name} of the tests`,
    installable: "true",
    license: ["MIT"],
    provides: options.provides ?? [
      ...(options.directory === undefined ? [built.name] : []),
      ...Object.keys(options.programs ?? {}),
    ],
    ghcr_pkg: built.reference,
    ghcr_blob: `${path}@${built.programDigest}`,
    ghcr_files: [...built.files.keys()],
    ghcr_size_raw: String(total),
    size_raw: String(built.program.byteLength),
    shasum: hashHex("sha256", built.program),
    bsum: hashHex("blake3", built.program),
    ...options.entry,
  };
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
}

function digestOf(bytes: Uint8Array): Digest {
  return sha256Digest(hashHex("sha256", bytes));
}
