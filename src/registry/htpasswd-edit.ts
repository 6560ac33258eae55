import { hash } from "bcryptjs";
import { byteCount } from "../base/format-bytes.ts";
import { listSome } from "../base/lists.ts";
import { PkgError } from "../errors.ts";
import { checkLines, parseHtpasswd } from "./htpasswd.ts";

/** One change to a htpasswd file. */
export interface HtpasswdChange {
  readonly user: string;
  /** A bcrypt hash; null: the user is removed. */
  readonly hash: string | null;
}

/** The text after a change, and what was done. */
export interface HtpasswdEdit {
  readonly text: string;
  readonly how: "added" | "changed" | "removed";
}

/** bcrypt takes no more of a password into account, so two longer ones could be the same. */
const MAX_PASSWORD_BYTES = 72;
const MAX_USER_BYTES = 255;
/** A tenth of a second for each check. */
const COST = 10;

/**
 * Changes one user's line; all other lines stay as they are, comments too. What was wrong with lines of that user, such as
 * a hash that is not bcrypt, or a second one, is mended with it, one user after the other.
 *
 * @param path for messages
 * @throws {PkgError} CONFIG_INVALID for another kind of file, and for a new user in one that no registry could use; USAGE
 * when a user to remove is not in it
 */
export function editHtpasswd(text: string, { user, hash: wanted }: HtpasswdChange, path: string): HtpasswdEdit {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = text === "" ? [] : text.replace(/\r?\n$/, "").split("\n");
  const at = lines.findIndex((line) => line.startsWith(`${user}:`));
  checkLines(text, path);
  if (at < 0) {
    const { hashes } = parseHtpasswd(text, path);
    if (wanted === null) throw unknownUser(user, [...hashes.keys()], path);
  }
  const line = wanted === null ? [] : [`${user}:${wanted}`];
  const kept = lines.flatMap((old, index) => (index === at ? line : old.startsWith(`${user}:`) ? [] : [old]));
  const all = at < 0 ? [...kept, ...line] : kept;
  return {
    text: all.map((written) => `${written.replace(/\r$/, "")}${end}`).join(""),
    how: wanted === null ? "removed" : at < 0 ? "added" : "changed",
  };
}

/** The bcrypt hash of a password. @throws {PkgError} USAGE for one that bcrypt would cut off */
export async function hashPassword(password: string): Promise<string> {
  const bytes = Buffer.byteLength(password);
  if (bytes > 0 && bytes <= MAX_PASSWORD_BYTES && !password.includes("\0")) return hash(password, COST);
  const problem =
    bytes === 0 ? "it is empty" : bytes > MAX_PASSWORD_BYTES ? `it has ${byteCount(bytes)}` : "it has a zero byte";
  throw new PkgError(
    "USAGE",
    `Cannot use the password: ${problem}, expected 1 to ${MAX_PASSWORD_BYTES} bytes of text`,
    {
      hint: "bcrypt takes no more of a password into account; choose another one",
    },
  );
}

/**
 * Refuses a user name that a htpasswd file, or a request with a password, cannot hold.
 *
 * @throws {PkgError} USAGE
 */
export function checkUserName(user: string): void {
  const bytes = Buffer.byteLength(user);
  const isPlain = /^[^\s:#\p{C}](?:[^:\p{C}]*[^\s:\p{C}])?$/u.test(user);
  if (isPlain && bytes <= MAX_USER_BYTES) return;
  throw new PkgError("USAGE", `Cannot use the user name "${user}": expected 1 to ${MAX_USER_BYTES} bytes without ":"`, {
    hint: "Choose a name that begins with a letter or digit, such as alice",
  });
}

const MAX_LISTED = 10;

function unknownUser(user: string, users: readonly string[], path: string): PkgError {
  const listed = listSome(
    users.map((name) => `"${name}"`),
    MAX_LISTED,
  );
  return new PkgError("USAGE", `Cannot remove user "${user}": "${path}" has ${listed || "no users"}`, {
    hint: "Check the name; capitals count",
  });
}
