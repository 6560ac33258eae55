import type { ErrorCode } from "../../src/errors.ts";
import { underIdOf } from "../support/imitated-signer.ts";
import { signIndex } from "../support/signed-index.ts";
import { GOOD, GOOD_SIGNATURES, KEYS, pinnedIndex, type Refused, text } from "./refused-publisher.ts";

const { a, b, stranger, other } = KEYS;
const [SIGNED_BY_A, SIGNED_BY_B] = [signIndex(GOOD.index, [a]), signIndex(GOOD.index, [b])];

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

/** A signature whose second half is raised by the order of the group: valid to a verifier that does not check (RFC 8032, 5.1.7). */
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

/** The next index, with other signatures than it needs. */
export const wronglySigned: readonly Refused[] = [
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
  withSignatures("a blank signature file", Buffer.from("\n"), [INVALID, /it has 1 line, expected 4/]),
  ...[1, 2, 3].map((count) =>
    withSignatures(
      `a signature file cut after ${count} lines`,
      changed(SIGNED_BY_A, (lines) => lines.slice(0, count)),
      [INVALID, new RegExp(`it has ${count} lines?, expected 4`)],
    ),
  ),
  withSignatures("a signature file cut within its last line", SIGNED_BY_A.subarray(0, -9), [
    INVALID,
    /its fourth line is not the base64 of 64 bytes/,
  ]),
  withSignatures("a second signature that is cut", GOOD_SIGNATURES.subarray(0, SIGNED_BY_A.length + 40), [
    INVALID,
    /it has 1 line, expected 4/,
  ]),
  withSignatures("something behind the signatures", Buffer.concat([GOOD_SIGNATURES, Buffer.from("more\n")]), [
    INVALID,
    /it has 1 line, expected 4/,
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
