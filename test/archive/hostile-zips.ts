import type { HostileArchive } from "./hostile-tars.ts";
import { type RawZipEntry, zipOf } from "./zip-builder.ts";

const PROGRAM: RawZipEntry = { path: "good", body: "#!/bin/sh\n" };
const of = (message: RegExp, ...entries: readonly RawZipEntry[]): HostileArchive => ({
  bytes: zipOf([PROGRAM, ...entries]),
  message,
});
const WHOLE = zipOf([PROGRAM, { path: "more", body: "more" }]);
const link = (path: string, target: string): RawZipEntry => ({ path, body: target, mode: 0o120777 });

/** Before an entry's name. */
const LOCAL_BYTES = 30;
const INNER: RawZipEntry = { path: "b", body: "within a" };

/** The header and the content of an entry. */
function localPart(entry: RawZipEntry): Buffer {
  const zip = zipOf([entry]);
  return zip.subarray(0, zip.indexOf("PK\x01\x02", 0, "latin1"));
}

/** Zip files that must be refused as a whole, by what is wrong with them. */
export const HOSTILE_ZIPS: Readonly<Record<string, HostileArchive>> = {
  absolute: of(/"\/evil" is absolute/, { path: "/evil", body: "x" }),
  "dot-dot": of(/has "\.\."/, { path: "../evil", body: "x" }),
  "dot-dot-inside": of(/has "\.\."/, { path: "a/../../evil", body: "x" }),
  "dot-dot-directory": of(/has "\.\."/, { path: "../" }),
  backslash: of(/has a backslash/, { path: "..\\evil", body: "x" }),
  "backslash-by-dos": of(/has a backslash/, { path: "..\\evil", body: "x", system: 0, flags: 0 }),
  drive: of(/has a backslash/, { path: "C:\\evil", body: "x" }),
  "not-utf8": of(/is not UTF-8/, { path: Buffer.from("evil\xff", "latin1"), body: "x" }),
  "nul-in-name": of(/has a NUL/, { path: "a\0b", body: "x" }),
  "two-names": of(/is described twice/, { path: "fine", localPath: "evil", body: "x" }),
  "two-sizes": of(/is described twice/, { path: "x", body: "x", method: 0, local: { size: 2 } }),
  "two-packed-sizes": of(/is described twice/, { path: "x", body: "x", method: 0, local: { packedSize: 2 } }),
  "two-checksums": of(/is described twice/, { path: "x", body: "x", local: { checksum: 7 } }),
  "encrypted-in-one-place": of(/is described twice/, { path: "x", body: "x", local: { flags: 0x801 } }),
  "link-absolute": of(/points to "\/etc".*absolute/, link("l", "/etc")),
  "link-out": of(/outside of the archive/, link("l", "../evil")),
  "link-through": of(/in its middle/, link("l", "good/../../evil")),
  "link-long": of(/name that is too long/, link("l", "x".repeat(5000))),
  "file-below-link": of(/lies in "l", which is a symlink/, link("l", "."), { path: "l/evil", body: "x" }),
  "character-device": of(/is a character device/, { path: "null", mode: 0o020666 }),
  "block-device": of(/is a block device/, { path: "sda", mode: 0o060666 }),
  fifo: of(/is a FIFO/, { path: "pipe", mode: 0o010666 }),
  socket: of(/is a socket/, { path: "socket", mode: 0o140666 }),
  "unknown-kind": of(/unknown kind/, { path: "odd", mode: 0o030666 }),
  twice: of(/"good" is in it twice/, PROGRAM),
  "below-a-file": of(/lies in "good", which is a file/, { path: "good/x", body: "x" }),
  "accents-twice": of(/accents are written in two ways/, { path: "e\u0301", body: "x" }, { path: "\u00e9", body: "y" }),
  "too-deep": of(/deep, at most 100/, { path: `${"d/".repeat(101)}x`, body: "x" }),
  "long-path": of(/at most 4096/, { path: `${"long/".repeat(1000)}x`, body: "" }),
  "long-name": of(/more than 255 bytes/, { path: "n".repeat(256), body: "x" }),
  "directory-with-content": of(/is a directory and has content/, { path: "d/", body: "x" }),
  encrypted: of(/is encrypted/, { path: "secret", body: "x", flags: 0x801 }),
  "strongly-encrypted": of(/encryption/, { path: "secret", body: "x", flags: 0x841 }),
  "unknown-method": of(/compressed by method 99/, { path: "x", body: "x", method: 99 }),
  checksum: of(/the checksum of "x" is wrong/, { path: "x", body: "x", checksum: 7 }),
  "size-too-small": of(/damaged|not what its directory states/, { path: "x", body: "xxxx", size: 2 }),
  "size-too-large": of(/damaged|not what its directory states/, { path: "x", body: "xxxx", size: 2000 }),
  "stored-size-lies": of(/damaged|not what its directory states/, { path: "x", body: "xxxx", method: 0, size: 9 }),
  "deflate-damaged": of(/truncated or damaged/, { path: "x", packed: Buffer.alloc(40, 0xff), size: 4 }),
  "zstd-damaged": of(/truncated or damaged|not what/, {
    path: "x",
    packed: Buffer.alloc(40, 0xff),
    method: 93,
    size: 4,
  }),
  overlap: {
    bytes: zipOf([
      { path: "a", body: localPart(INNER), method: 0 },
      { ...INNER, offset: LOCAL_BYTES + 1 },
    ]),
    message: /its entries overlap/,
  },
  "same-content-twice": of(/is described twice/, { path: "a", body: "x" }, { path: "b", body: "x", offset: 0 }),
  "offset-beyond": of(/truncated or damaged/, { path: "x", body: "x", offset: 1_000_000 }),
  "no-entries": { bytes: zipOf([]), message: /has no entries/ },
  "more-entries-than-there-are": { bytes: zipOf([PROGRAM], { count: 9 }), message: /truncated or damaged/ },
  "cut-off": { bytes: WHOLE.subarray(0, -30), message: /truncated or damaged/ },
  "start-alone": { bytes: WHOLE.subarray(0, 40), message: /truncated or damaged/ },
  "bytes-after": { bytes: Buffer.concat([WHOLE, Buffer.alloc(70_000, 1)]), message: /truncated or damaged/ },
  "few-bytes-after": { bytes: Buffer.concat([WHOLE, Buffer.from("evil")]), message: /truncated or damaged/ },
  "out-of-its-top": {
    bytes: zipOf([{ ...PROGRAM, path: "top/good" }, link("top/evil", "../outside")]),
    message: /the link "evil" points to "\.\.\/outside", outside/,
  },
};
