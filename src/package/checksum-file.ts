import { byteCount } from "../base/format-bytes.ts";
import { MAX_CHECKSUM_BYTES } from "../base/limits.ts";
import { decodeUtf8 } from "../base/utf8.ts";
import { hasCode, PkgError } from "../errors.ts";
import { safeTitlePath } from "../oci/title.ts";
import { CHECKSUM_TITLE } from "./file-names.ts";
import type { HashedFile } from "./publication.ts";

/** The hashes that CHECKSUM lists for one file: lower-case hex. */
export interface ChecksumEntry {
  readonly sha256?: string;
  readonly blake3?: string;
}

/** A parsed CHECKSUM file. */
export interface ChecksumFile {
  /** Null when the file is not listed. */
  lookup(name: string): ChecksumEntry | null;
}

type Algorithm = "sha256" | "blake3";

interface Line {
  readonly algorithm: Algorithm;
  readonly name: string;
  readonly hex: string;
}

/**
 * Writes CHECKSUM as second-generation packages have it: sorted lines `BLAKE3: HEX  FILE` and `SHA256: HEX  FILE`. The same files
 * give the same text, whatever their order.
 */
export function checksumText(files: readonly Pick<HashedFile, "title" | "blake3" | "sha256">[]): string {
  const lines = files.flatMap(({ title, blake3, sha256 }) => [
    `BLAKE3: ${blake3}  ${title}`,
    `SHA256: ${sha256}  ${title}`,
  ]);
  return lines
    .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((line) => `${line}\n`)
    .join("");
}

/**
 * The forms in use; no line matches two of them. A hash without the name of its algorithm is SHA-256 when the file name follows
 * it (coreutils), and BLAKE3 when the file name precedes it (first-generation packages).
 */
const FORMS: readonly ((line: string) => Line | null)[] = [
  (line) => tagged(/^(?<algorithm>BLAKE3|SHA256): (?<hex>[0-9a-f]{64}) {2}(?<name>.+)$/.exec(line)),
  (line) => tagged(/^(?<algorithm>BLAKE3|SHA256) \((?<name>.+)\) = (?<hex>[0-9a-f]{64})$/.exec(line)),
  (line) => untagged("sha256", /^(?<hex>[0-9a-f]{64}) [ *](?<name>.+)$/.exec(line)),
  (line) => untagged("blake3", /^(?<name>[^:]+):(?<hex>[0-9a-f]{64})$/.exec(line)),
];

/**
 * Parses a CHECKSUM file of at most 1 MiB. Forms may be mixed; empty lines are skipped.
 *
 * @throws {PkgError} CHECKSUM_INVALID for a line in no known form, a name that is not a plain file name, and a file that is listed
 * twice with one algorithm (two readers could each pick another of the two values)
 */
export function parseChecksum(text: Uint8Array): ChecksumFile {
  const entries = new Map<string, ChecksumEntry>();
  for (const [index, line] of decode(text).split("\n").entries()) {
    if (line === "") continue;
    const { algorithm, name, hex } = parseLine(line, index + 1);
    const entry = entries.get(name);
    if (entry?.[algorithm] !== undefined) {
      throw invalid(`line ${index + 1} lists "${name}" a second time with ${ALGORITHM_NAMES[algorithm]}`);
    }
    entries.set(name, { ...entry, [algorithm]: hex });
  }
  return { lookup: (name) => entries.get(name) ?? null };
}

const ALGORITHM_NAMES: Readonly<Record<Algorithm, string>> = { sha256: "SHA-256", blake3: "BLAKE3" };

function decode(bytes: Uint8Array): string {
  if (bytes.length > MAX_CHECKSUM_BYTES) {
    throw invalid(`it has ${byteCount(bytes.length)}, expected at most ${MAX_CHECKSUM_BYTES}`);
  }
  const text = decodeUtf8(bytes);
  if (text === null) throw invalid("it is not UTF-8");
  return text;
}

function parseLine(text: string, number: number): Line {
  for (const form of FORMS) {
    const line = form(text);
    if (line !== null) return { ...line, name: checkName(line.name, number) };
  }
  throw invalid(`line ${number} is "${text.slice(0, 200)}", expected a file name and the hex of its hash`);
}

function tagged(match: RegExpExecArray | null): Line | null {
  return untagged(match?.groups?.["algorithm"] === "BLAKE3" ? "blake3" : "sha256", match);
}

function untagged(algorithm: Algorithm, match: RegExpExecArray | null): Line | null {
  const { name, hex } = match?.groups ?? {};
  return name === undefined || hex === undefined ? null : { algorithm, name, hex };
}

function checkName(name: string, number: number): string {
  try {
    // `NAME:HEX` is one of the forms, so a name that ends like that could be read in two ways.
    if (/:[0-9a-f]{64}$/i.test(name)) {
      throw new PkgError("TITLE_INVALID", `Cannot use file name "${name}": it ends like a hash`);
    }
    return safeTitlePath(name);
  } catch (cause) {
    if (!hasCode(cause, "TITLE_INVALID")) throw cause;
    throw invalid(
      `line ${number} names "${name.slice(0, 200)}", expected a plain file name or a path inside the package`,
      cause,
    );
  }
}

function invalid(problem: string, cause?: unknown): PkgError {
  return new PkgError(
    "CHECKSUM_INVALID",
    `Cannot use ${CHECKSUM_TITLE}: ${problem}`,
    cause === undefined ? {} : { cause },
  );
}
