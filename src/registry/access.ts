import { createHmac, randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { compare } from "bcryptjs";
import { Turns } from "../base/turns.ts";
import { type Htpasswd, HtpasswdFile } from "./htpasswd.ts";
import { Problem } from "./problem.ts";

export interface AccessOptions {
  /** A htpasswd file with bcrypt hashes; read again when it changes. */
  readonly htpasswd: string;
  /** Whether reading takes no password. */
  readonly anonymousPull: boolean;
  /** Told of a file that became unusable. */
  readonly onProblem: (error: unknown) => void;
  /** Milliseconds, from any start; for tests. */
  readonly now?: () => number;
}

/** Who may do what. */
export interface Access {
  /** The user who asks; null: nobody, and that is allowed. @throws {Problem} UNAUTHORIZED; TOOMANYREQUESTS */
  check(request: IncomingMessage): Promise<string | null>;
  /** What tells a client how to log in. */
  readonly challenge: string;
}

const CHALLENGE = 'Basic realm="pkg registry", charset="UTF-8"';
/** For so long a password that was right is taken again without bcrypt. */
const REMEMBER_MS = 60_000;
const MAX_REMEMBERED = 1000;
/** Passwords hashed at a time, and those that may wait: each takes the processor for a tenth of a second. */
const MAX_COMPARING = 2;
const MAX_WAITING = 64;

/** Salt and hash of no password, compared with when the user is not known: to be unknown takes as long as to be wrong. */
const NO_PASSWORD = "abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzABCDE";

/**
 * Access by the passwords of a htpasswd file.
 *
 * @throws {PkgError} CONFIG_INVALID
 */
export async function createAccess(options: AccessOptions): Promise<Access> {
  const file = await HtpasswdFile.open(options.htpasswd, options.onProblem);
  const passwords = new Passwords(options.now ?? (() => performance.now()));
  return {
    challenge: CHALLENGE,
    async check(request) {
      const given = credentialsOf(request);
      if (given === null && options.anonymousPull && isRead(request)) return null;
      if (given === null) throw unauthorized("a user and a password are needed");
      if (await passwords.areRight(given, await file.read())) return given.user;
      throw unauthorized("user or password is wrong");
    },
  };
}

interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Right passwords are remembered for a while by a keyed hash, so that 500 blobs do not take 500 bcrypts. */
class Passwords {
  readonly #now: () => number;
  readonly #key = randomBytes(32);
  /** By keyed hash: until when. */
  readonly #right = new Map<string, number>();
  readonly #comparing = new Map<string, Promise<boolean>>();
  readonly #turns = new Turns(MAX_COMPARING);

  constructor(now: () => number) {
    this.#now = now;
  }

  async areRight(given: Credentials, htpasswd: Htpasswd): Promise<boolean> {
    const known = htpasswd.hashes.get(given.user);
    const hash = known ?? `$2b$${String(htpasswd.cost).padStart(2, "0")}$${NO_PASSWORD}`;
    const key = this.#keyOf(given, hash);
    if ((this.#right.get(key) ?? Number.NEGATIVE_INFINITY) > this.#now()) return true;
    // Compared although the user is not known, or the time would tell.
    const isRight = await this.#compare(key, given.password, hash);
    if (!isRight || known === undefined) return false;
    this.#remember(key);
    return true;
  }

  /** One comparison for all who ask the same at the same time. */
  #compare(key: string, password: string, hash: string): Promise<boolean> {
    const running = this.#comparing.get(key);
    if (running !== undefined) return running;
    if (this.#turns.waiting >= MAX_WAITING) return Promise.reject(tooMany());
    const comparing = this.#turns
      .run(() => compare(password, hash))
      .finally(() => {
        this.#comparing.delete(key);
      });
    this.#comparing.set(key, comparing);
    return comparing;
  }

  #remember(key: string): void {
    this.#right.delete(key);
    this.#right.set(key, this.#now() + REMEMBER_MS);
    const [oldest] = this.#right.keys();
    if (this.#right.size > MAX_REMEMBERED && oldest !== undefined) this.#right.delete(oldest);
  }

  /** The hash is part of it: a password that was changed is forgotten with it. */
  #keyOf({ user, password }: Credentials, hash: string): string {
    return createHmac("sha256", this.#key)
      .update(JSON.stringify([user, password, hash]))
      .digest("base64");
  }
}

/** Null for a request without; some clients send an empty user and password for that. RFC 7617 */
function credentialsOf({ headers }: IncomingMessage): Credentials | null {
  if (headers.authorization === undefined) return null;
  const encoded = /^basic +([A-Za-z0-9+/=_-]*) *$/i.exec(headers.authorization)?.[1];
  if (encoded === undefined) throw unauthorized("expected basic authentication");
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) throw unauthorized("user and password are badly encoded");
  const [user, password] = [text.slice(0, colon), text.slice(colon + 1)];
  return user === "" && password === "" ? null : { user, password };
}

function isRead({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}

function unauthorized(message: string): Problem {
  return new Problem("UNAUTHORIZED", message, { headers: { "www-authenticate": CHALLENGE } });
}

function tooMany(): Problem {
  return new Problem("TOOMANYREQUESTS", "too many passwords are being checked", { headers: { "retry-after": "2" } });
}
