import { createHmac, randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { compare } from "bcryptjs";
import { Turns } from "../base/turns.ts";
import { networkOf } from "../http/addresses.ts";
import { type Htpasswd, HtpasswdFile } from "./htpasswd.ts";
import { Problem } from "./problem.ts";

/** Whose passwords are accepted, and for what. */
export interface AccessOptions {
  /** A htpasswd file with bcrypt hashes; read again when it changes. */
  readonly htpasswd: string;
  /** Whether anyone may read without a password. */
  readonly anonymousPull: boolean;
  /** Called with the error when the file can no longer be used. */
  readonly onProblem: (error: unknown) => void;
  /** Milliseconds, from any start; for tests. */
  readonly now?: () => number;
}

/** Who may do what. */
export interface Access {
  /**
   * The user who asks; null where none is needed and none is given.
   *
   * @param address the client's: many wrong passwords from there keep nobody else waiting
   * @throws {Problem} UNAUTHORIZED; TOOMANYREQUESTS
   */
  check(request: IncomingMessage, address?: string): Promise<string | null>;
  /** The value of `WWW-Authenticate`, which tells a client how to log in. */
  readonly challenge: string;
  /** Whether reading takes no password. */
  readonly isAnonymousPull: boolean;
}

const CHALLENGE = 'Basic realm="pkg registry", charset="UTF-8"';
/** How long after its last use a correct password is accepted again without running bcrypt, in milliseconds. */
const REMEMBER_MS = 60_000;
const MAX_REMEMBERED = 1000;
/** How many passwords are hashed at a time, and how many may wait: each takes a tenth of a second of processor time. */
const MAX_COMPARING = 2;
const MAX_WAITING = 256;
/** How many of these one network may have, so that who guesses passwords does not keep others out. */
const MAX_WAITING_OF_NETWORK = 64;

/** Salt and hash of no password. Used for an unknown user, so that the answer takes as long as for a wrong password. */
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
    isAnonymousPull: options.anonymousPull,
    async check(request, address = "") {
      const given = credentialsOf(request);
      if (given === null && options.anonymousPull && isRead(request)) return null;
      if (given === null) throw unauthorized("a user and a password are needed");
      if (await passwords.areRight(given, await file.read(), networkOf(address))) return given.user;
      throw unauthorized("user or password is wrong");
    },
  };
}

interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Correct passwords are remembered for a while by a keyed hash, so that 500 blobs do not cost 500 runs of bcrypt. */
class Passwords {
  readonly #now: () => number;
  readonly #key = randomBytes(32);
  /** The time until which each one is remembered, in milliseconds, by its keyed hash. */
  readonly #right = new Map<string, number>();
  readonly #comparing = new Map<string, Promise<boolean>>();
  /** How many comparisons each network has asked for that have not ended. */
  readonly #asked = new Map<string, number>();
  readonly #turns = new Turns(MAX_COMPARING);

  constructor(now: () => number) {
    this.#now = now;
  }

  async areRight(given: Credentials, htpasswd: Htpasswd, network: string): Promise<boolean> {
    const known = htpasswd.hashes.get(given.user);
    const hash = known ?? `$2b$${String(htpasswd.cost).padStart(2, "0")}$${NO_PASSWORD}`;
    const key = this.#keyOf(given, hash);
    const isKnown = (this.#right.get(key) ?? Number.NEGATIVE_INFINITY) > this.#now();
    // Compared even when the user is unknown: otherwise the time would reveal it.
    const isRight = isKnown || (await this.#compare(key, network, () => compare(given.password, hash)));
    if (!isRight || known === undefined) return false;
    this.#remember(key);
    return true;
  }

  /** Makes one comparison for all requests that send the same password at the same time. */
  #compare(key: string, network: string, work: () => Promise<boolean>): Promise<boolean> {
    const running = this.#comparing.get(key);
    if (running !== undefined) return running;
    const asked = this.#asked.get(network) ?? 0;
    if (this.#turns.waiting >= MAX_WAITING || asked >= MAX_WAITING_OF_NETWORK) return Promise.reject(tooMany());
    this.#asked.set(network, asked + 1);
    const comparing = this.#turns.run(work).finally(() => {
      this.#comparing.delete(key);
      this.#forget(network);
    });
    this.#comparing.set(key, comparing);
    return comparing;
  }

  #forget(network: string): void {
    const left = (this.#asked.get(network) ?? 1) - 1;
    if (left === 0) this.#asked.delete(network);
    else this.#asked.set(network, left);
  }

  #remember(key: string): void {
    this.#right.delete(key);
    this.#right.set(key, this.#now() + REMEMBER_MS);
    const [oldest] = this.#right.keys();
    if (this.#right.size > MAX_REMEMBERED && oldest !== undefined) this.#right.delete(oldest);
  }

  /** The stored hash is part of the key, so that a password that has been changed is forgotten. */
  #keyOf({ user, password }: Credentials, hash: string): string {
    return createHmac("sha256", this.#key)
      .update(JSON.stringify([user, password, hash]))
      .digest("base64");
  }
}

/** Null for a request without credentials; some clients then send an empty user and password. @see RFC 7617 */
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
