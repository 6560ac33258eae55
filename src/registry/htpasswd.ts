import { stat } from "node:fs/promises";
import { fileWords } from "../base/foreign-words.ts";
import { PkgError, systemCode } from "../errors.ts";
import { readLocalFile } from "../fs/read-file.ts";
import { stampOf as fileStamp } from "../fs/stamp.ts";

/** The highest bcrypt cost that is accepted: above it, one check takes minutes. */
const MAX_COST = 15;
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const BCRYPT = /^\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z0-9]{53}$/;

/** Users and the bcrypt hashes of their passwords. */
export interface Htpasswd {
  readonly hashes: ReadonlyMap<string, string>;
  /** The highest bcrypt cost among them; the default cost when there are none. */
  readonly cost: number;
}

const DEFAULT_COST = 10;

/**
 * Parses the text of an htpasswd file: one `user:hash` per line; empty lines and comments (`#`) are ignored.
 *
 * @param path for messages
 * @throws {PkgError} CONFIG_INVALID for a malformed line, a user that is listed twice, a hash that is not one of
 * bcrypt's (`$2a$`, `$2b$`, `$2y$`), a cost over 15
 */
export function parseHtpasswd(text: string, path: string): Htpasswd {
  checkLines(text, path);
  const hashes = new Map<string, string>();
  let cost = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const colon = line.indexOf(":");
    const [user, hash] = [line.slice(0, colon), line.slice(colon + 1).trim()];
    const ofUser = (what: string) => invalid(path, { problem: `line ${index + 1} ${what}`, user });
    if (hashes.has(user)) throw ofUser("names a user for the second time");
    const found = BCRYPT.exec(hash)?.groups?.["cost"];
    if (found === undefined) throw ofUser("has a hash that is not bcrypt");
    if (Number(found) > MAX_COST || Number(found) < 4) throw ofUser(`has cost ${found}, expected 4 to ${MAX_COST}`);
    hashes.set(user, hash);
    cost = Math.max(cost, Number(found));
  }
  return { hashes, cost: cost === 0 ? DEFAULT_COST : cost };
}

/** Refuses a text that is no htpasswd file, whatever the hashes in it. @throws {PkgError} CONFIG_INVALID */
export function checkLines(text: string, path: string): void {
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    // No hash has a colon: /etc/passwd is another kind of file.
    const isLine = line.trim() === "" || line.startsWith("#") || /^[^:]+:[^:]*$/.test(line);
    if (!isLine) throw noLine(path, index);
  }
}

function noLine(path: string, index: number): PkgError {
  return invalid(path, { problem: `line ${index + 1} is not "user:hash"` });
}

/** A htpasswd file that may be edited while it is used. */
export class HtpasswdFile {
  readonly #path: string;
  readonly #onProblem: (error: unknown) => void;
  #stamp: string;
  #current: Htpasswd;

  /** Reads the file. @throws {PkgError} CONFIG_INVALID */
  static async open(path: string, onProblem: (error: unknown) => void): Promise<HtpasswdFile> {
    const stamp = await stampOf(path);
    return new HtpasswdFile({ path, onProblem, stamp, current: await readHtpasswd(path) });
  }

  private constructor(options: {
    readonly path: string;
    readonly onProblem: (error: unknown) => void;
    readonly stamp: string;
    readonly current: Htpasswd;
  }) {
    this.#path = options.path;
    this.#onProblem = options.onProblem;
    this.#stamp = options.stamp;
    this.#current = options.current;
  }

  /** The users in the file now. A file that cannot be used, e.g. half written, is reported once and then ignored. */
  async read(): Promise<Htpasswd> {
    const stamp = await stampOf(this.#path).catch(() => "missing");
    if (stamp === this.#stamp) return this.#current;
    this.#stamp = stamp;
    try {
      this.#current = await readHtpasswd(this.#path);
    } catch (error) {
      this.#onProblem(error);
    }
    return this.#current;
  }
}

async function readHtpasswd(path: string): Promise<Htpasswd> {
  try {
    const tooLarge = () => invalid(path, { problem: `it has more than ${MAX_FILE_BYTES} bytes` });
    const bytes = await readLocalFile(path, { maxBytes: MAX_FILE_BYTES, tooLarge });
    return parseHtpasswd(bytes.toString("utf8"), path);
  } catch (error) {
    throw unreadable(error, path);
  }
}

/** A text that changes whenever an editor or `htpasswd` changes the file. */
async function stampOf(path: string): Promise<string> {
  try {
    const stats = await stat(path, { bigint: true });
    // An editor may keep size and time.
    return `${fileStamp(stats)}-${stats.ctimeNs}`;
  } catch (error) {
    throw unreadable(error, path);
  }
}

function unreadable(error: unknown, path: string): unknown {
  const code = systemCode(error);
  return code === undefined || error instanceof PkgError
    ? error
    : invalid(path, { problem: `${fileWords(code)?.reason ?? "it cannot be read"} (${code})`, cause: error });
}

interface Invalid {
  readonly problem: string;
  /** Whose line it is; a new password mends that line. */
  readonly user?: string;
  readonly cause?: unknown;
}

function invalid(path: string, { problem, user, cause }: Invalid): PkgError {
  const make = (whose: string) => `pkg registry passwd ${whose} --htpasswd ${path}`;
  return new PkgError("CONFIG_INVALID", `Cannot use htpasswd file "${path}": ${problem}`, {
    hint:
      user === undefined
        ? `Make it with: ${make("USER")} (one line per user, bcrypt)`
        : `Set that password again, or remove the user with --delete: ${make(/\s/.test(user) ? `"${user}"` : user)}`,
    cause,
  });
}
