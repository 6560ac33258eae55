import { zstdCompressSync } from "node:zlib";
import type { ErrorCode } from "../../src/errors.ts";
import { packed, signIndex } from "../support/signed-index.ts";
import { v1Entry } from "../support/v1-index.ts";
import { ABC, GOOD, type Refused, signed, text } from "./refused-publisher.ts";
import type { Served } from "./sync-world.ts";

function withIndex(name: string, index: Buffer, [code, message]: readonly [ErrorCode, RegExp]): Refused {
  return { name, served: { index, signatures: GOOD.signatures }, code, message };
}

const NOT_SIGNED: readonly [ErrorCode, RegExp] = ["SIGNATURE_INVALID", /was not made for this content by key/];
const CUT: readonly [ErrorCode, RegExp] = ["INDEX_INVALID", /its zstd data is truncated or damaged/];
const plain = text().toString();

/** The next index, changed, under the signatures it had; or signed although it says too little. */
export const spoiled: readonly Refused[] = [
  ...[0.25, 0.5, 0.9].map((part) =>
    withIndex(`cut at ${part * 100} %`, GOOD.index.subarray(0, Math.floor(GOOD.index.length * part)), CUT),
  ),
  withIndex("without its last byte", GOOD.index.subarray(0, -1), CUT),
  withIndex("with a byte behind it", Buffer.concat([GOOD.index, Buffer.from("x")]), [
    "INDEX_INVALID",
    /followed by other bytes/,
  ]),
  withIndex("with a second frame of blanks", Buffer.concat([GOOD.index, packed(Buffer.from(" "))]), NOT_SIGNED),
  withIndex("packed once more otherwise", zstdCompressSync(text(), { params: { 100: 19, 201: 1 } }), NOT_SIGNED),
  withIndex("not packed", text(), NOT_SIGNED),
  withIndex("with its serial raised", packed(Buffer.from(plain.replace('"serial":8', '"serial":9'))), NOT_SIGNED),
  withIndex(
    "with its end put off",
    packed(Buffer.from(plain.replace('"expires":"2026-03', '"expires":"2026-08'))),
    NOT_SIGNED,
  ),
  withIndex(
    "with a package of another hash",
    packed(Buffer.from(plain.replaceAll("a".repeat(64), "e".repeat(64)))),
    NOT_SIGNED,
  ),
  withIndex("with a package less", packed(text({ packages: [] })), NOT_SIGNED),
  withIndex("with a package more", packed(text({ packages: [v1Entry("tool"), v1Entry("evil")] })), NOT_SIGNED),
  withIndex("cut and packed again", packed(text().subarray(0, -5)), ["INDEX_INVALID", /it ends after \d+ bytes/]),
  withIndex("empty", packed(Buffer.alloc(0)), ["INDEX_INVALID", /Cannot read the index/]),
  withIndex("a web page", Buffer.from("<!doctype html><title>moved</title>"), ["INDEX_INVALID", /it is a web page/]),
  withIndex("xz", Buffer.from("fd377a585a000004", "hex"), ["INDEX_INVALID", /xz data is truncated, damaged/]),
  ...Object.entries({
    "no serial": [{ serial: undefined }, /must have a "serial"/],
    "a serial that is text": [{ serial: "8" }, /serial: must be a whole number/],
    "no end": [{ expires: undefined }, /must have a "expires"/],
    "an end with fractions of a second": [{ expires: "2026-03-02T00:00:00.5Z" }, /expires: expected/],
    "no repository": [{ repository: undefined }, /must have a "repository"/],
    "no key sets": [{ key_sets: undefined }, /must have a "key_sets"/],
    "another format": [{ format: 2 }, /expected "format" 1, found 2/],
  } as const).map(([name, [header, message]]) => ({
    name: `signed, with ${name}`,
    served: signed({ header }),
    code: "INDEX_INVALID" as const,
    message,
  })),
];

/** So that bytes of every part of the document are among them, and no byte of a record always. */
const FLIP_STEP = 3;

/** The index with one byte changed, here and there: what it unpacks to may still read as an index. */
export function flippedIndexes(): readonly Served[] {
  const places = Array.from(GOOD.index.keys()).filter((at) => at % FLIP_STEP === 0);
  return places.map((at) => {
    const index = Buffer.from(GOOD.index);
    index[at] = (index[at] ?? 0) ^ 0x10;
    return { index, signatures: GOOD.signatures };
  });
}

const G1 = { pkg_name: "tool", pkg: "tool", version: "9", ghcr_pkg: "ghcr.io/me/tool:9" };
const G2 = { ...G1, installable: true };
const G3 = {
  pkg_name: "tool",
  version: "9",
  download_url: "https://example.org/tool",
  size: 1,
  shasum: "a".repeat(64),
  bsum: "b".repeat(64),
  files: [{ source: "", to: "bin/tool" }],
};

/** The older forms, which name no keys. */
export const keyless: readonly Refused[] = Object.entries({
  "of the first generation": [G1],
  "of the second generation": [G2],
  "of the third generation": { format: 1, packages: [G3] },
  "without entries": [],
  "of the third generation, without entries": { format: 1, packages: [] },
}).flatMap(([name, document]) =>
  [true, false].map((isSigned) => {
    const index = packed(Buffer.from(JSON.stringify(document)));
    return {
      name: `an index ${name}, ${isSigned ? "signed" : "not signed"}`,
      served: { index, signatures: isSigned ? signIndex(index, ABC) : null },
      code: "KEYS_CHANGED",
      message: /its index names no keys, and "(?:.{16}", "){2}.{16}" of "registry\.example\/me\/index" are pinned/,
    } as const;
  }),
);
