import { createMultiHash } from "../../src/base/hashes.ts";
import type { ProgramFile, Publication } from "../../src/package/publication.ts";

/** A publication that says all there is to say. */
export const PUBLICATION: Publication = {
  reference: { registry: "ghcr.io", name: "me/tools/trurl", tag: null, digest: null },
  name: "trurl",
  version: "8.14.1",
  family: "curl",
  id: "ghcr.io.me.tools.trurl",
  description: "Changes and reads URLs",
  license: "curl",
  homepage: "https://curl.se/trurl",
  source: "https://github.com/curl/trurl",
  documentation: "https://curl.se/trurl/manual.html",
  maintainers: ["Example Maintainer (https://example.org)"],
  keywords: ["url"],
  categories: ["Utility"],
  notes: ["A note"],
  replaces: ["other"],
  provides: null,
  files: [],
  documents: [],
};

/** One that says nothing but what it must. */
export const PLAIN: Publication = {
  ...PUBLICATION,
  family: null,
  description: null,
  license: null,
  homepage: null,
  source: null,
  documentation: null,
  maintainers: [],
  keywords: [],
  categories: [],
  notes: [],
  replaces: [],
};

/** A program as it is known once it was hashed. */
export function programFile(change: Partial<ProgramFile> = {}): ProgramFile {
  const hash = createMultiHash(["sha256", "blake3", "blake2b512"]);
  const bytes = Buffer.from(change.title ?? "trurl");
  hash.update(bytes);
  const { sha256 = "", blake3 = "", blake2b512 = "" } = hash.digest();
  return {
    title: "trurl",
    mediaType: "application/octet-stream",
    size: bytes.length,
    sha256,
    blake3,
    blake2b512,
    platform: { os: "linux", architecture: "amd64" },
    libc: "static",
    type: "static",
    programs: [],
    ...change,
  };
}
