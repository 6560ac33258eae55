import { PkgError } from "../errors.ts";
import { isOfNode, streamDescriptor } from "../fs/read-file.ts";

/** Where passphrases come from; the first source that gives one is used. */
export interface PassphraseSources {
  /** `--passphrase-fd`: one line for each locked key, in order; the last line serves all further keys. Null: not given. */
  readonly passphraseFd: number | null;
  /** `PKG_PASSPHRASE`, for every key. */
  readonly environment: string | null;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Asks a person for a line, which is not shown while it is typed; gives null when nobody can answer. */
  readonly ask: (question: string) => Promise<string | null>;
}

/** The passphrases of one command. */
export interface Passphrases {
  /** The passphrase of the next locked key; null when none is given and nobody can be asked. */
  next(question: string): Promise<string | null>;
  /** The passphrase for a new key; a person is asked twice. Null as above. @throws {PkgError} USAGE when the answers differ */
  choose(name: string): Promise<string | null>;
}

const STDIN = 0;
/** minisign reads a passphrase into 1 KiB. */
export const MAX_PASSPHRASE_BYTES = 1023;
const MAX_INPUT_BYTES = 64 * 1024;
/** The line break that `echo` adds. */
const LAST_BREAK = /\r?\n$/;

/** The passphrases of one command. Nothing is read or asked before a passphrase is needed. */
export function openPassphrases(sources: PassphraseSources): Passphrases {
  let lines: readonly string[] | null = null;
  let used = 0;
  const given = async () => {
    if (sources.passphraseFd === null) return sources.environment?.replace(LAST_BREAK, "") ?? null;
    lines ??= await readLines(sources.passphraseFd, sources.stdin);
    return lines[used++] ?? lines.at(-1) ?? null;
  };
  return {
    next: async (question) => (await given()) ?? (await sources.ask(question)),
    choose: async (name) => (await given()) ?? (await askTwice(name, sources.ask)),
  };
}

async function askTwice(name: string, ask: PassphraseSources["ask"]): Promise<string | null> {
  const first = await ask(`Passphrase for key "${name}":`);
  if (first === null || first === "") return first;
  if ((await ask("Same passphrase again:")) === first) return first;
  throw new PkgError("USAGE", `Cannot lock key "${name}": the two passphrases differ`, {
    hint: "Run the command again; no key was made",
  });
}

async function readLines(descriptor: number, stdin: AsyncIterable<Uint8Array>): Promise<readonly string[]> {
  const text = await readText(descriptor, stdin);
  if (text === "") throw unusable(descriptor, "it is empty");
  const lines = text.replace(LAST_BREAK, "").split(/\r?\n/);
  if (lines.some((line) => Buffer.byteLength(line) > MAX_PASSPHRASE_BYTES)) {
    throw unusable(descriptor, `a line has more than ${MAX_PASSPHRASE_BYTES} bytes`);
  }
  return lines;
}

async function readText(descriptor: number, stdin: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (descriptor !== STDIN && isOfNode(descriptor)) throw unusable(descriptor, "it is not open for reading");
  try {
    for await (const chunk of descriptor === STDIN ? stdin : streamDescriptor(descriptor)) {
      bytes += chunk.length;
      if (bytes > MAX_INPUT_BYTES) throw unusable(descriptor, `it holds more than ${MAX_INPUT_BYTES} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof PkgError ? error : unusable(descriptor, "it is not open for reading", error);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function unusable(descriptor: number, problem: string, cause?: unknown): PkgError {
  return new PkgError("USAGE", `Cannot read a passphrase from file descriptor ${descriptor}: ${problem}`, {
    cause,
    hint: "E.g. `--passphrase-fd 3 3<FILE`, where the first line of FILE is the passphrase",
  });
}
