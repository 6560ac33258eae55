import { zstdCompressSync } from "node:zlib";
import type { ErrorCode } from "../../src/errors.ts";
import type { SignedKeySet } from "../../src/verify/key-set.ts";
import { smallOrderKey, underIdOf } from "../support/imitated-signer.ts";
import { createSigner, type Signer } from "../support/minisign-signer.ts";
import { type IndexFacts, indexText, makeKeySet, packed, signIndex } from "../support/signed-index.ts";
import { v1Entry } from "../support/v1-index.ts";
import { NOW, type Served } from "./sync-world.ts";

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** An index that must not be taken by who has pinned `pinnedIndex`. */
export interface Refused {
  readonly name: string;
  readonly served: Served;
  readonly code: ErrorCode;
  readonly message: RegExp;
  /** What this machine's clock says; default NOW. */
  readonly clock?: number;
}

/** The publisher's keys, two of the first three of which have to sign; those of others; and somebody's who is none of them. */
const [a, b, c, d, e, stranger, other] = Array.from({ length: 7 }, () => createSigner()) as Seven;
type Seven = [Signer, Signer, Signer, Signer, Signer, Signer, Signer];

const ABC = [a, b, c];
const FIRST = makeKeySet({ keys: [a] });
const SECOND_FACTS = { version: 2, threshold: 2, keys: ABC, signers: [a, b] } as const;
const SECOND = makeKeySet(SECOND_FACTS);
const SETS = [FIRST, SECOND];

/** A third set of new keys, signed as it has to be, but for what a test changes. */
function third(facts: Partial<Parameters<typeof makeKeySet>[0]> = {}): SignedKeySet {
  const given = { version: 3, threshold: 2, keys: [d, e], signers: [a, b, d, e], ...facts };
  return makeKeySet(given);
}

function text(facts: Partial<IndexFacts> = {}): Buffer {
  return indexText({ serial: 8, issuedMs: NOW, keySets: SETS, ...facts });
}

/** An index that is right, but for what a test changes, signed by `signers`. */
function signed(facts: Partial<IndexFacts> = {}, signers: readonly Signer[] = [a, b]): Served {
  const index = packed(text(facts));
  return { index, signatures: signIndex(index, signers) };
}

/** The newest index, which the test that uses this table syncs first. */
export const pinnedIndex = signed({ serial: 7 });
/** What follows it: taken in the end, to see that the table refused none for another reason than its own. */
export const nextIndex = signed();

const GOOD = signed();
const GOOD_SIGNATURES = GOOD.signatures ?? Buffer.alloc(0);
const [SIGNED_BY_A, SIGNED_BY_B] = [signIndex(GOOD.index, [a]), signIndex(GOOD.index, [b])];

const older: readonly Refused[] = [
  ...[6, 1].map((serial) => ({
    name: `serial ${serial} after 7`,
    served: signed({ serial }),
    code: "INDEX_ROLLED_BACK" as const,
    message: new RegExp(`has serial ${serial}, and 7 was seen before`),
  })),
  {
    name: "an older serial, issued anew",
    served: signed({ serial: 6, issuedMs: NOW + MINUTE_MS }),
    code: "INDEX_ROLLED_BACK",
    message: /has serial 6, and 7 was seen/,
  },
  {
    name: "an older serial by all of the keys",
    served: signed({ serial: 5 }, ABC),
    code: "INDEX_ROLLED_BACK",
    message: /has serial 5, and 7 was seen/,
  },
  {
    name: "an older serial under new keys that are rightly signed",
    served: signed({ serial: 4, keySets: [...SETS, third()] }, [d, e]),
    code: "INDEX_ROLLED_BACK",
    message: /has serial 4, and 7 was seen/,
  },
  ...Object.entries({
    "other packages": { packages: [v1Entry("tool", { version: "9" })] },
    "no packages": { packages: [] },
    "a later end": { expiresMs: NOW + 60 * DAY_MS },
    "another beginning": { issuedMs: NOW - MINUTE_MS },
    "an unknown member": { header: { note: "x" } },
    "further keys": { keySets: [...SETS, third({ keys: ABC, signers: ABC })] },
  }).map(([name, facts]) => ({
    name: `the pinned serial again with ${name}`,
    served: signed({ serial: 7, ...facts }),
    code: "INDEX_MISMATCH" as const,
    message: /two indexes have serial 7: expected digest "sha256:[0-9a-f]{64}", which was seen before/,
  })),
];

function expiredFor(ms: number): Served {
  return signed({ issuedMs: NOW - ms - DAY_MS, expiresMs: NOW - ms });
}

const outOfTime: readonly Refused[] = [
  ...(
    [
      ["eleven minutes", 11 * MINUTE_MS],
      ["a day", DAY_MS],
      ["a year", 365 * DAY_MS],
    ] as const
  ).map(([name, ms]) => ({
    name: `expired for ${name}`,
    served: expiredFor(ms),
    code: "INDEX_EXPIRED" as const,
    message: /its index expired at 202\d-.*, and this machine's clock says 2026-03-01T12:00:00Z/,
  })),
  {
    name: "good for a month, and two are over",
    served: GOOD,
    clock: NOW + 60 * DAY_MS,
    code: "INDEX_EXPIRED",
    message: /expired at 2026-03-31T12:00:00Z, and this machine's clock says 2026-04-30/,
  },
  ...(
    [
      ["eleven minutes", 11 * MINUTE_MS],
      ["a day", DAY_MS],
      ["ten years", 3650 * DAY_MS],
    ] as const
  ).map(([name, ms]) => ({
    name: `issued in ${name}`,
    served: signed({ issuedMs: NOW + ms }),
    code: "CLOCK_WRONG" as const,
    message: /was issued at 20\d\d-.*, and this machine's clock says 2026-03-01T12:00:00Z/,
  })),
  {
    name: "an index that has expired, by a clock that was set back before the pinned one was issued",
    served: expiredFor(DAY_MS),
    clock: NOW - 1.5 * DAY_MS,
    code: "CLOCK_WRONG",
    message: /was issued at 2026-03-01T12:00:00Z, and this machine's clock says 2026-02-28T00:00:00Z/,
  },
  {
    name: "a clock that never was set",
    served: GOOD,
    clock: 0,
    code: "CLOCK_WRONG",
    message: /clock says 1970-01-01T00:00:00Z/,
  },
  ...(
    [
      ["401 days", 401 * DAY_MS],
      ["a second more than 400 days", 400 * DAY_MS + 1000],
      ["ten years", 3650 * DAY_MS],
    ] as const
  ).map(([name, ms]) => ({
    name: `good for ${name}`,
    served: signed({ expiresMs: NOW + ms }),
    code: "INDEX_INVALID" as const,
    message: /expires \d+ days after it was issued, expected at most 400/,
  })),
  ...(
    [
      ["at the moment it was issued", 0],
      ["before it was issued", -DAY_MS],
    ] as const
  ).map(([name, ms]) => ({
    name: `expiring ${name}`,
    served: signed({ expiresMs: NOW + ms }),
    code: "INDEX_INVALID" as const,
    message: /expires at .*, not after it was issued/,
  })),
];

const ELSEWHERE = "registry.example/you/index";

const otherIdentity: readonly Refused[] = [
  ...[ELSEWHERE, "registry.example/me/indexes", "registry.example/me/Index", "registry.example/me/index/"].map(
    (repository) => ({
      name: `the index of ${repository} by the same keys`,
      served: signed({
        repository,
        keySets: [makeKeySet({ repository, keys: [a] }), makeKeySet({ ...SECOND_FACTS, repository })],
      }),
      code: "INDEX_MISMATCH" as const,
      message: new RegExp(`index is that of "${repository}", expected "registry\\.example/me/index", which is pinned`),
    }),
  ),
  {
    name: "another repository's index by its own keys",
    served: signed({ repository: ELSEWHERE, keySets: [makeKeySet({ repository: ELSEWHERE, keys: [other] })] }, [other]),
    code: "INDEX_MISMATCH",
    message: /is that of "registry\.example\/you\/index"/,
  },
];

function withSignatures(
  name: string,
  signatures: Buffer | null,
  [code, message]: readonly [ErrorCode, RegExp],
): Refused {
  return { name, served: { index: GOOD.index, signatures }, code, message };
}

/** The lines of a signature, changed. */
function changed(signature: Buffer, change: (lines: string[]) => readonly string[]): Buffer {
  return Buffer.from(change(signature.toString("latin1").split("\n")).join("\n"), "latin1");
}

/** A signature whose second half is raised by the order of the group: the same to whoever does not look (RFC 8032, 5.1.7). */
function malleated(signature: Buffer): Buffer {
  return changed(signature, ([untrusted = "", line = "", ...rest]) => {
    const bytes = Buffer.from(line, "base64");
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${Buffer.from(bytes.subarray(42)).reverse().toString("hex")}`) + order;
    bytes.set(Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse(), 42);
    return [untrusted, bytes.toString("base64"), ...rest];
  });
}

const INVALID = "SIGNATURE_INVALID";

const wronglySigned: readonly Refused[] = [
  withSignatures("no signature", null, ["SIGNATURE_MISSING", /its index has no signature/]),
  withSignatures("one signature of two", SIGNED_BY_A, [
    "SIGNATURE_MISSING",
    /signed by 1 of .* set 2 \(".{16}"\), expected 2/,
  ]),
  withSignatures("one key twice", Buffer.concat([SIGNED_BY_A, SIGNED_BY_A]), ["SIGNATURE_MISSING", /signed by 1 of/]),
  withSignatures(
    "one key twice under two comments",
    Buffer.concat([SIGNED_BY_A, a.sign(GOOD.index, "index.json", { untrustedComment: "another" })]),
    ["SIGNATURE_MISSING", /signed by 1 of/],
  ),
  withSignatures("one key and a stranger", signIndex(GOOD.index, [a, stranger]), [
    "SIGNATURE_MISSING",
    /signed by 1 of/,
  ]),
  withSignatures("a stranger", signIndex(GOOD.index, [stranger]), [
    "SIGNATURE_UNTRUSTED",
    /signed by ".{16}", expected 2 of the keys of its set 2: "/,
  ]),
  withSignatures("two strangers", signIndex(GOOD.index, [stranger, other]), [
    "SIGNATURE_UNTRUSTED",
    /signed by ".{16}", ".{16}", expected 2/,
  ]),
  withSignatures(
    "strangers under the ids of the keys",
    signIndex(GOOD.index, [underIdOf(stranger, a), underIdOf(other, b)]),
    [INVALID, /was not made for this content by key/],
  ),
  withSignatures("a key under the id of another", signIndex(GOOD.index, [a, underIdOf(a, b)]), [
    INVALID,
    /was not made for this content by key/,
  ]),
  withSignatures("signatures of the pinned index", pinnedIndex.signatures, [INVALID, /was not made for this content/]),
  withSignatures(
    "one signature of this index and one of the pinned one",
    Buffer.concat([SIGNED_BY_A, signIndex(pinnedIndex.index, [b])]),
    [INVALID, /was not made for this content/],
  ),
  withSignatures("signatures of what is packed in it", signIndex(text(), [a, b]), [
    INVALID,
    /was not made for this content/,
  ]),
  withSignatures("signatures of another file", signIndex(GOOD.index, [a, b], "tool"), [
    INVALID,
    /trusted comment of its signature names "tool", expected "index\.json\.zst"/,
  ]),
  withSignatures(
    "signatures of no file",
    Buffer.concat([a, b].map((key) => key.sign(GOOD.index, "", { trustedComment: "hi" }))),
    [INVALID, /names no file, expected/],
  ),
  withSignatures(
    "a trusted comment that was not signed",
    changed(GOOD_SIGNATURES, (lines) => lines.map((line) => line.replace("timestamp:1", "timestamp:2"))),
    [INVALID, /trusted comment is not the one that was signed/],
  ),
  withSignatures(
    "the legacy form",
    Buffer.concat([a, b].map((key) => key.sign(GOOD.index, "index.json.zst", { algorithm: "Ed" }))),
    [INVALID, /of the legacy form "Ed", expected "ED"/],
  ),
  withSignatures("an empty signature file", Buffer.alloc(0), [INVALID, /it has 0 lines, expected 4/]),
  withSignatures("a blank signature file", Buffer.from("\n"), [INVALID, /it has 1 lines, expected 4/]),
  ...[1, 2, 3].map((count) =>
    withSignatures(
      `a signature file cut after ${count} lines`,
      changed(SIGNED_BY_A, (lines) => lines.slice(0, count)),
      [INVALID, new RegExp(`it has ${count} lines, expected 4`)],
    ),
  ),
  withSignatures("a signature file cut within its last line", SIGNED_BY_A.subarray(0, -9), [
    INVALID,
    /its fourth line is not the base64 of 64 bytes/,
  ]),
  withSignatures("a second signature that is cut", GOOD_SIGNATURES.subarray(0, SIGNED_BY_A.length + 40), [
    INVALID,
    /it has 1 lines, expected 4/,
  ]),
  withSignatures("something behind the signatures", Buffer.concat([GOOD_SIGNATURES, Buffer.from("more\n")]), [
    INVALID,
    /it has 1 lines, expected 4/,
  ]),
  withSignatures("a blank line between the signatures", Buffer.concat([SIGNED_BY_A, Buffer.from("\n"), SIGNED_BY_B]), [
    INVALID,
    /first line does not begin with "untrusted comment: "/,
  ]),
  withSignatures(
    "signatures in CR LF",
    changed(GOOD_SIGNATURES, (lines) => lines.map((line) => `${line}\r`)),
    [INVALID, /holds a NUL or a carriage return/],
  ),
  withSignatures(
    "a NUL in a comment",
    changed(GOOD_SIGNATURES, ([first, ...rest]) => [`${first}\0`, ...rest]),
    [INVALID, /holds a NUL/],
  ),
  withSignatures(
    "base64 that is not canonical",
    changed(SIGNED_BY_A, ([first = "", line = "", ...rest]) => [first, line.replace(/=$/, ""), ...rest]),
    [INVALID, /second line is not the base64 of 74 bytes/],
  ),
  withSignatures(
    "another algorithm",
    changed(SIGNED_BY_A, ([first = "", line = "", ...rest]) => [first, `RX${line.slice(2)}`, ...rest]),
    [INVALID, /its algorithm is/],
  ),
  withSignatures(
    "a signature that is raised by the group's order",
    Buffer.concat([malleated(SIGNED_BY_A), SIGNED_BY_B]),
    [INVALID, /second half is not in canonical form/],
  ),
  withSignatures("the signatures' parts exchanged", swapped(SIGNED_BY_A, SIGNED_BY_B), [
    INVALID,
    /trusted comment is not the one/,
  ]),
  withSignatures("33 signatures", Buffer.concat(Array.from({ length: 33 }, () => SIGNED_BY_A)), [
    INVALID,
    /has more than 32 signatures/,
  ]),
  withSignatures("a signature file beyond every limit", Buffer.alloc(65 * 1024, "x"), ["BODY_TOO_LARGE", /65536/]),
  withSignatures("a web page for signatures", Buffer.from("<!doctype html>\n<title>404</title>\n<p>\n<p>\n"), [
    INVALID,
    /does not begin with "untrusted comment: "/,
  ]),
];

/** The second signature's global part under the first. */
function swapped(first: Buffer, second: Buffer): Buffer {
  const last = second.toString("latin1").split("\n").slice(2);
  return changed(first, (lines) => [...lines.slice(0, 2), ...last]);
}

function withIndex(name: string, index: Buffer, [code, message]: readonly [ErrorCode, RegExp]): Refused {
  return { name, served: { index, signatures: GOOD.signatures }, code, message };
}

const NOT_SIGNED: readonly [ErrorCode, RegExp] = [INVALID, /was not made for this content by key/];
const CUT: readonly [ErrorCode, RegExp] = ["INDEX_INVALID", /its zstd data is truncated or damaged/];
const plain = text().toString();

const spoiled: readonly Refused[] = [
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
  withIndex("xz", Buffer.from("fd377a585a000004", "hex"), ["INDEX_INVALID", /packed with xz/]),
  ...Object.entries({
    "no serial": [{ serial: undefined }, /required property 'serial'/],
    "a serial that is text": [{ serial: "8" }, /serial: must be integer/],
    "no end": [{ expires: undefined }, /required property 'expires'/],
    "an end with fractions of a second": [{ expires: "2026-03-02T00:00:00.5Z" }, /expires: must match/],
    "no repository": [{ repository: undefined }, /required property 'repository'/],
    "no key sets": [{ key_sets: undefined }, /required property 'key_sets'/],
    "another format": [{ format: 2 }, /expected "format" 1, found 2/],
  } as const).map(([name, [header, message]]) => ({
    name: `signed, with ${name}`,
    served: signed({ header }),
    code: "INDEX_INVALID" as const,
    message,
  })),
];

/** The index with one byte after the other changed: what it unpacks to may still read as an index. */
export function flippedIndexes(): readonly Served[] {
  return Array.from(GOOD.index, (byte, at) => {
    const index = Buffer.from(GOOD.index);
    index[at] = byte ^ 0x10;
    return { index, signatures: GOOD.signatures };
  });
}

function rekeyed(
  name: string,
  { keySets, signers }: { readonly keySets: readonly SignedKeySet[]; readonly signers: readonly Signer[] },
  [code, message]: readonly [ErrorCode, RegExp],
): Refused {
  return { name, served: signed({ keySets }, signers), code, message };
}

const CHANGED = "KEYS_CHANGED";
const SECOND_CHANGED: readonly [ErrorCode, RegExp] = [CHANGED, /its key set 2 is not the pinned one: expected 2 of/];
const TOO_FEW: readonly [ErrorCode, RegExp] = [CHANGED, /key set 3 is signed by \d of the keys of set 2, expected 2/];
const WRONG: readonly [ErrorCode, RegExp] = [CHANGED, /its key set 3 has a signature that is wrong/];

const rekeyedIndexes: readonly Refused[] = [
  rekeyed("a stranger's keys", { keySets: [makeKeySet({ keys: [stranger] })], signers: [stranger] }, [
    CHANGED,
    /its newest key set is version 1, expected version 2, which is pinned/,
  ]),
  rekeyed(
    "a stranger's keys, as many sets as are pinned",
    {
      keySets: [makeKeySet({ keys: [stranger] }), makeKeySet({ version: 2, keys: [stranger] })],
      signers: [stranger],
    },
    [CHANGED, /set 2 is not the pinned one: expected 2 of "(.{16}", "){2}.{16}", found 1 of/],
  ),
  rekeyed("the keys before, which are not in force any more", { keySets: [FIRST], signers: [a] }, [
    CHANGED,
    /newest key set is version 1, expected version 2/,
  ]),
  ...Object.entries({
    "a lower threshold": makeKeySet({ version: 2, threshold: 1, keys: ABC, signers: ABC }),
    "a higher threshold": makeKeySet({ version: 2, threshold: 3, keys: ABC, signers: ABC }),
    "a key more": makeKeySet({ version: 2, threshold: 2, keys: [...ABC, d], signers: ABC }),
    "a key less": makeKeySet({ version: 2, threshold: 2, keys: [a, b], signers: [a, b] }),
    "another key": makeKeySet({ version: 2, threshold: 2, keys: [a, b, d], signers: ABC }),
  }).map(([name, second]) =>
    rekeyed(`the pinned set with ${name}`, { keySets: [FIRST, second], signers: ABC }, SECOND_CHANGED),
  ),
  rekeyed(
    "the pinned set with a stranger's key under an id of theirs",
    { keySets: [FIRST, makeKeySet({ ...SECOND_FACTS, keys: [a, b, underIdOf(stranger, c)] })], signers: ABC },
    [CHANGED, /its key set 2 is not the pinned one: it has other keys under the same ids/],
  ),
  ...Object.entries({
    "by nobody": [],
    "by its own keys alone": [d, e],
    "by one of the keys before": [a, d, e],
    "by one of the keys before, twice": [a, a, d, e],
    "by one of the keys before and a stranger": [a, stranger, d, e],
  }).map(([name, signers]) =>
    rekeyed(`a new set that is signed ${name}`, { keySets: [...SETS, third({ signers })], signers: [d, e] }, TOO_FEW),
  ),
  rekeyed(
    "a new set that too few of its own keys signed",
    { keySets: [...SETS, third({ signers: [a, b, d] })], signers: [d, e] },
    [CHANGED, /key set 3 is signed by 1 of the keys of set 3, expected 2/],
  ),
  ...Object.entries({
    "by one of the keys before, and once more under the id of another": third({ signers: [a, underIdOf(a, b), d, e] }),
    "by strangers under the ids of the keys before": third({
      signers: [underIdOf(stranger, a), underIdOf(other, b), d, e],
    }),
    "for another repository": third({ repository: ELSEWHERE }),
    "for another version": third({ fileName: "key-set-4.txt" }),
    "for a lower threshold": { ...third({ threshold: 1 }), threshold: 2 },
    "for other keys": { ...third({ keys: [d, stranger] }), keys: [d.publicKey, e.publicKey] },
    "as another file": third({ fileName: "CHECKSUM" }),
    "by a signature that is cut": { ...third(), signatures: third().signatures.map((line) => line.slice(0, 100)) },
    "by two signatures in one": { ...third(), signatures: [third().signatures.join("")] },
    "by what is no signature": { ...third(), signatures: ["x", "y"] },
  }).map(([name, set]) =>
    rekeyed(`a new set that is signed ${name}`, { keySets: [...SETS, set], signers: [d, e] }, WRONG),
  ),
  rekeyed(
    "a second new set that only strangers signed, behind one that is right",
    {
      keySets: [...SETS, third(), makeKeySet({ version: 4, keys: [stranger] })],
      signers: [stranger],
    },
    [CHANGED, /key set 4 is signed by 0 of the keys of set 3, expected 2/],
  ),
  rekeyed(
    "a second new set that the keys of the first but one signed",
    {
      keySets: [...SETS, third(), makeKeySet({ version: 4, keys: [stranger], signers: [a, b, c, stranger] })],
      signers: [stranger],
    },
    [CHANGED, /key set 4 is signed by 0 of the keys of set 3/],
  ),
  rekeyed("new keys that are right, by the keys before", { keySets: [...SETS, third()], signers: [a, b] }, [
    "SIGNATURE_UNTRUSTED",
    /expected 2 of the keys of its set 3/,
  ]),
  rekeyed("new keys that are right, by one of them", { keySets: [...SETS, third()], signers: [a, b, d] }, [
    "SIGNATURE_MISSING",
    /signed by 1 of the keys of its set 3/,
  ]),
  ...Object.entries({
    "a set missing in between": [[...SETS, third({ version: 4 })], /expected version 3, found 4/],
    "a set twice": [[...SETS, SECOND], /expected version 3, found 2/],
    "without the first set": [[SECOND], /expected version 1, found 2/],
    "the other way round": [[SECOND, FIRST], /expected version 1, found 2/],
    "a set that asks for more signatures than it has keys": [
      [...SETS, third({ threshold: 3 })],
      /its key set 3 asks for 3 signatures and has 2 keys/,
    ],
    "a set without keys": [[...SETS, { ...third(), keys: [] }], /keys: must NOT have fewer than 1/],
    "a set that asks for no signature": [[...SETS, third({ threshold: 0 })], /threshold: must be >= 1/],
    "one key twice in a set": [[...SETS, third({ keys: [d, d] })], /must NOT have duplicate items/],
    "one key under two ids in a set": [
      [...SETS, third({ keys: [d, underIdOf(d, e)] })],
      /its key set 3 has one key twice/,
    ],
    "one id for two keys in a set": [
      [...SETS, third({ keys: [d, underIdOf(e, d)] })],
      /its key set 3 has one key twice/,
    ],
    "a key under which anyone could sign": [
      [...SETS, { ...third(), keys: [d.publicKey, smallOrderKey(e)] }],
      /its key set 3: .*small order/,
    ],
    "65 sets": [Array.from({ length: 65 }, () => FIRST), /must NOT have more than 64 items/],
  } as const).map(([name, [keySets, message]]) => ({
    name: `key sets with ${name}`,
    served: signed({ keySets }, [d, e]),
    code: "INDEX_INVALID" as const,
    message,
  })),
];

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

const keyless: readonly Refused[] = Object.entries({
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
      code: CHANGED,
      message: /its index names no keys, and "(?:.{16}", "){2}.{16}" of "registry\.example\/me\/index" are pinned/,
    } as const;
  }),
);

export const REFUSED: readonly Refused[] = [
  ...older,
  ...outOfTime,
  ...otherIdentity,
  ...wronglySigned,
  ...spoiled,
  ...rekeyedIndexes,
  ...keyless,
];
