import { entryBytes, pax, paxRecord, type RawEntry, tarOf } from "./tar-builder.ts";

/** A tar that must be refused as a whole, and how. */
export interface HostileArchive {
  readonly bytes: Buffer;
  readonly message: RegExp;
}

const PROGRAM: RawEntry = { path: "good", body: "#!/bin/sh\n", mode: 0o755 };
const of = (message: RegExp, ...entries: readonly RawEntry[]): HostileArchive => ({
  bytes: tarOf(PROGRAM, ...entries),
  message,
});
const link = (path: string, target: string): RawEntry => ({ path, type: "2", target });
const hardLink = (path: string, target: string): RawEntry => ({ path, type: "1", target });
const deep = `${"d/".repeat(101)}x`;

/** By what is wrong with them. */
export const HOSTILE_TARS: Readonly<Record<string, HostileArchive>> = {
  absolute: of(/"\/evil" is absolute/, { path: "/evil", body: "x" }),
  "dot-dot": of(/"\.\.\/evil" has "\.\."/, { path: "../evil", body: "x" }),
  "dot-dot-inside": of(/has "\.\."/, { path: "a/../../evil", body: "x" }),
  "dot-dot-directory": of(/has "\.\."/, { path: "../", type: "5" }),
  "dot-dot-by-pax": of(/has "\.\."/, pax({ path: "../evil" }), { path: "a", body: "x" }),
  "dot-dot-by-gnu": of(/has "\.\."/, { path: "L", type: "L", body: "../evil\0" }, { path: "a", body: "x" }),
  "dot-dot-by-prefix": of(/has "\.\."/, { path: "evil", prefix: "../..", body: "x" }),
  backslash: of(/has a backslash/, { path: "..\\evil", body: "x" }),
  "not-utf8": of(/is not UTF-8/, { path: Buffer.from("evil\xff", "latin1"), body: "x" }),
  "nul-in-name": of(/has a NUL|damaged/, pax({ path: "a\0b" }), { path: "a", body: "x" }),
  "link-absolute": of(/points to "\/etc".*absolute/, link("l", "/etc")),
  "link-out": of(/outside of the archive/, link("l", "../evil")),
  "link-out-from-below": of(/outside of the archive/, link("a/l", "../../evil")),
  "link-through": of(/with "\.\." in its middle/, link("l", "good/../../evil")),
  "link-to-nothing": of(/points to nothing/, link("l", "")),
  "link-backslash": of(/has a backslash/, link("l", "..\\evil")),
  "file-below-link": of(/lies in "l", which is a symlink/, link("l", "."), { path: "l/evil", body: "x" }),
  "file-over-link": of(/is in it twice/, link("l", "good"), { path: "l", body: "x" }),
  "link-over-directory": of(/is in it twice/, { path: "d/", type: "5" }, link("d", "."), { path: "d/x", body: "x" }),
  "hard-link-out": of(/has "\.\."/, hardLink("l", "../evil")),
  "hard-link-absolute": of(/is absolute/, hardLink("l", "/etc/passwd")),
  "hard-link-to-nothing": of(/no file before it/, hardLink("l", "missing")),
  "hard-link-to-link": of(/no file before it/, link("s", "good"), hardLink("l", "s")),
  "hard-link-to-itself": of(/no file before it/, hardLink("l", "l")),
  "character-device": of(/is a character device/, { path: "null", type: "3" }),
  "block-device": of(/is a block device/, { path: "sda", type: "4" }),
  fifo: of(/is a FIFO/, { path: "pipe", type: "6" }),
  sparse: of(/"sparse" is a sparse file, .* without --sparse/, { path: "sparse", type: "S" }),
  "sparse-pax": of(/"holes" is a sparse file/, pax({ "GNU.sparse.name": "holes", "GNU.sparse.realsize": "9" }), {
    path: "GNUSparseFile.1/holes",
  }),
  "unknown-type": of(/an entry of type "Z"/, { path: "odd", type: "Z" }),
  "directory-with-body": of(/is a directory and has 1 byte|checksum is wrong/, { path: "d/", type: "5", body: "x" }),
  twice: of(/"good" is in it twice/, PROGRAM),
  "below-a-file": of(/lies in "good", which is a file/, { path: "good/x", body: "x" }),
  "accents-twice": of(/accents are written in two ways/, { path: "e\u0301", body: "x" }, { path: "\u00e9", body: "y" }),
  "too-deep": of(/102 deep, at most 100/, pax({ path: deep }), { path: "x", body: "x" }),
  "long-path": of(/at most 4096/, pax({ path: `${"long/".repeat(1000)}x` }), { path: "x", body: "x" }),
  "long-name": of(/more than 255 bytes/, pax({ path: "n".repeat(256) }), { path: "x", body: "x" }),
  "global-name": of(/a global header/, pax({ path: "evil" }, "g"), { path: "x", body: "x" }),
  "pax-damaged": of(
    /extended header is damaged/,
    { path: "p", type: "x", body: `999 ${paxRecord(["path", "x"])}` },
    PROGRAM,
  ),
  "pax-many": of(/too many extended headers/, ...Array.from({ length: 20 }, () => pax({ comment: "x" })), PROGRAM),
  "pax-large": of(/at most 1048576 are read|cut off/, { path: "p", type: "x", size: 2_000_000 }),
  "size-negative": of(/damaged|missing/, { path: "x", binarySize: Buffer.alloc(12, 0xff) }),
  "size-huge": of(/cut off|more than|damaged|missing/, {
    path: "x",
    binarySize: Buffer.from("800000000000007fffffffff", "hex"),
  }),
  "size-lies": of(/cut off|checksum is wrong/, { path: "x", body: "x", size: 5000 }),
  checksum: of(/checksum is wrong/, { path: "x", body: "x", checksum: 1 }),
  "no-entries": { bytes: Buffer.alloc(1024), message: /has no entries/ },
  "cut-in-header": { bytes: Buffer.concat([entryBytes(PROGRAM), Buffer.alloc(100, 1)]), message: /cut off/ },
  "cut-in-body": {
    bytes: Buffer.concat([entryBytes(PROGRAM), entryBytes({ path: "x", body: "x".repeat(2000) }).subarray(0, 900)]),
    message: /cut off/,
  },
  "root-is-a-file": of(/its root is a file/, { path: "./", type: "0", size: 0 }, { path: ".", body: "x" }),
  "out-of-its-top": {
    bytes: tarOf({ ...PROGRAM, path: "top/good" }, link("top/evil", "../outside")),
    message: /the link "evil" points to "\.\.\/outside", outside/,
  },
};
