import { decodeUtf8 } from "../base/utf8.ts";
import { hasCode, PkgError } from "../errors.ts";
import { safeTitle } from "../oci/title.ts";

/** What a CHECKSUM file says of one file: lower-case hex. */
export interface ChecksumEntry {
  readonly sha256?: string;
  readonly blake3?: string;
}

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

const MAX_CHECKSUM_BYTES = 1024 * 1024;

/**
 * The forms that are about; none matches a line of another. A hash that does not say of which kind it is, is SHA-256
 * where a file name follows (coreutils) and BLAKE3 where one precedes (first-generation packages).
 */
const FORMS: readonly ((line: string) => Line | null)[] = [
  (line) => tagged(/^(?<algorithm>BLAKE3|SHA256): (?<hex>[0-9a-f]{64}) {2}(?<name>.+)$/.exec(line)),
  (line) => tagged(/^(?<algorithm>BLAKE3|SHA256) \((?<name>.+)\) = (?<hex>[0-9a-f]{64})$/.exec(line)),
  (line) => untagged("sha256", /^(?<hex>[0-9a-f]{64}) [ *](?<name>.+)$/.exec(line)),
  (line) => untagged("blake3", /^(?<name>[^:]+):(?<hex>[0-9a-f]{64})$/.exec(line)),
];

/**
 * Parses a CHECKSUM file; the forms may be mixed, empty lines are skipped.
 *
 * @throws {PkgError} CHECKSUM_INVALID for a line in no known form, a name that is no plain file name, a file listed
 * twice with the same algorithm (whichever value would win, a reader that picks the other one sees another file)
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
    throw invalid(`it has ${bytes.length} bytes, expected at most ${MAX_CHECKSUM_BYTES}`);
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
    return safeTitle(name);
  } catch (cause) {
    if (!hasCode(cause, "TITLE_INVALID")) throw cause;
    throw invalid(`line ${number} names "${name.slice(0, 200)}", expected a plain file name`, cause);
  }
}

function invalid(problem: string, cause?: unknown): PkgError {
  return new PkgError("CHECKSUM_INVALID", `Cannot use CHECKSUM: ${problem}`, cause === undefined ? {} : { cause });
}
