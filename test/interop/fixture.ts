import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { hashHex } from "../../src/base/hashes.ts";
import { OCI_INDEX, OCI_MANIFEST } from "../../src/oci/media-types.ts";
import { tarOf } from "../archive/tar-builder.ts";

/** What every client pushes and pulls: an image for two platforms, as an OCI layout. */
export interface Fixture {
  readonly layout: string;
  readonly tag: string;
  /** Of the image index. */
  readonly digest: string;
}

interface Stored {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** The same bytes each time. */
export function writeFixture(directory: string): Fixture {
  const tag = "v1";
  const layout = join(directory, "layout");
  mkdirSync(join(layout, "blobs", "sha256"), { recursive: true });
  const store = (mediaType: string, bytes: Buffer): Stored => {
    const hex = hashHex("sha256", bytes);
    writeFileSync(join(layout, "blobs", "sha256", hex), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };
  const document = (mediaType: string, value: object) => store(mediaType, Buffer.from(JSON.stringify(value)));
  const manifests = ["amd64", "arm64"].map((architecture) => {
    const tars = ["bin/tool", "share/doc"].map((path) => tarOf({ path, body: `${path} for ${architecture}\n` }));
    const config = document("application/vnd.oci.image.config.v1+json", {
      architecture,
      os: "linux",
      rootfs: { type: "layers", diff_ids: tars.map((tar) => `sha256:${hashHex("sha256", tar)}`) },
    });
    const layers = tars.map((tar) => store("application/vnd.oci.image.layer.v1.tar+gzip", gzipSync(tar)));
    const manifest = document(OCI_MANIFEST, { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers });
    return { ...manifest, platform: { architecture, os: "linux" } };
  });
  const index = document(OCI_INDEX, { schemaVersion: 2, mediaType: OCI_INDEX, manifests });
  const entry = { ...index, annotations: { "org.opencontainers.image.ref.name": tag } };
  writeFileSync(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  writeFileSync(
    join(layout, "index.json"),
    JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [entry] }),
  );
  return { layout, tag, digest: index.digest };
}

/** Compares two layouts. @throws {Error} unless every blob of one is in the other, byte for byte */
export function assertSameBlobs(expected: string, found: string): void {
  const blobs = join("blobs", "sha256");
  for (const name of readdirSync(join(expected, blobs))) {
    const path = join(found, blobs, name);
    if (!existsSync(path)) throw new Error(`sha256:${name} did not arrive`);
    if (!readFileSync(path).equals(readFileSync(join(expected, blobs, name)))) {
      throw new Error(`sha256:${name} arrived with other bytes`);
    }
  }
}

/** A file, and a directory that holds a program. */
export function writeFiles(directory: string): void {
  mkdirSync(join(directory, "tree", "bin"), { recursive: true });
  writeFileSync(join(directory, "note.txt"), "a note\n");
  writeFileSync(join(directory, "tree", "bin", "run"), "#!/bin/sh\necho run\n");
  chmodSync(join(directory, "tree", "bin", "run"), 0o755);
}

/** @throws {Error} unless the files of writeFiles() are in the directory, the program still executable */
export function assertSameFiles(directory: string): void {
  const read = (path: string) => readFileSync(join(directory, path), "utf8");
  if (read("note.txt") !== "a note\n") throw new Error("note.txt is another");
  if (!read("tree/bin/run").includes("echo run")) throw new Error("tree/bin/run is another");
  if ((statSync(join(directory, "tree/bin/run")).mode & 0o111) === 0) throw new Error("tree/bin/run is no program");
}
