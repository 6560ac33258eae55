import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileWords } from "../base/foreign-words.ts";
import { interruption } from "../base/interruption.ts";
import { asObject, parseJsonOrNull } from "../base/json.ts";
import { PkgError, systemCode } from "../errors.ts";
import type { Credential } from "./credentials.ts";

/** How a helper program is run. */
export interface HelperOptions {
  /** The whole environment of the helper, which is looked up in its `PATH`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** The file that names it, for messages. */
  readonly namedBy?: string;
  /** How long it may take, in milliseconds. Default: a minute, as a keychain may ask its owner. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 64 * 1024;
const MAX_NAME_CHARACTERS = 128;

/** The user name that marks a secret as an identity token. */
const TOKEN_USERNAME = "<token>";

/** What helpers print when they have no such credential: the protocol has no other way to say so. */
const ABSENCES: readonly string[] = [
  "credentials not found in native keychain",
  "no credentials server URL",
  "no credentials username",
];

type Verb = "get" | "store" | "erase";

interface HelperRun {
  readonly name: string;
  readonly verb: Verb;
  readonly input: string;
  /** What no message may hold. */
  readonly secret?: string;
}

/**
 * Asks `docker-credential-NAME` for the credential of a server.
 *
 * @returns null when the helper has none
 * @throws {PkgError} CREDENTIALS_INVALID if the helper is missing, fails, takes too long, or gives an answer that
 * cannot be read; INTERRUPTED
 * @see docker/docker-credential-helpers, its README's "Development"
 */
export async function getFromHelper(
  name: string,
  serverUrl: string,
  options: HelperOptions,
): Promise<Credential | null> {
  const output = await run({ name, verb: "get", input: serverUrl }, options);
  if (output === null) return null;
  const answer = asObject(parseJsonOrNull(output));
  const [username, secret] = [answer?.["Username"] ?? "", answer?.["Secret"] ?? ""];
  if (answer === null || typeof username !== "string" || typeof secret !== "string") {
    throw unusable(name, "its answer has no user name and secret", options);
  }
  if (secret === "") return null;
  if (username === TOKEN_USERNAME) return { kind: "identity-token", token: secret };
  return { kind: "basic", username, password: secret };
}

/** Tells `docker-credential-NAME` to keep a credential. @throws {PkgError} as getFromHelper */
export async function storeInHelper(
  name: string,
  { serverUrl, credential }: { readonly serverUrl: string; readonly credential: Credential },
  options: HelperOptions,
): Promise<void> {
  const [username, secret] =
    credential.kind === "basic" ? [credential.username, credential.password] : [TOKEN_USERNAME, credential.token];
  const input = JSON.stringify({ ServerURL: serverUrl, Username: username, Secret: secret });
  await run({ name, verb: "store", input, secret }, options);
}

/** Tells `docker-credential-NAME` to forget a server. @throws {PkgError} as getFromHelper */
export async function eraseFromHelper(name: string, serverUrl: string, options: HelperOptions): Promise<void> {
  await run({ name, verb: "erase", input: serverUrl }, options);
}

/** What the helper prints; null if it has no such credential. Secrets go to its stdin, never into its arguments. */
async function run(request: HelperRun, options: HelperOptions): Promise<string | null> {
  const { name, verb } = request;
  if (!isHelperName(name))
    throw unusable(name.slice(0, MAX_NAME_CHARACTERS), "it is not the name of a program", options);
  const child = spawn(`docker-credential-${name}`, [verb], {
    env: options.environment,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const { status, output, complaint } = await finish(child, request, options);
  if (status === 0) return output;
  if (ABSENCES.includes(output.trim())) return null;
  const said = wordsOf(complaint) ?? sentenceOf(output);
  const words = said === null ? "" : `: "${request.secret ? said.replaceAll(request.secret, "…") : said}"`;
  throw unusable(name, `"${verb}" ended with ${status === null ? "a signal" : `status ${status}`}${words}`, options);
}

const MAX_WORDS_CHARACTERS = 300;

/** What a helper said, as one line. */
function wordsOf(text: string): string | null {
  const line = text.trim().replaceAll(/\s*[\r\n]+\s*/g, "; ");
  return line === "" ? null : line.slice(0, MAX_WORDS_CHARACTERS);
}

/** Helpers say on stdout what is wrong, where a secret would be too: that would be one word, or a document. */
function sentenceOf(output: string): string | null {
  const words = wordsOf(output);
  return words === null || /^[[{]/.test(words) || !/\S\s+\S/.test(words) ? null : words;
}

function isHelperName(name: string): boolean {
  return name.length <= MAX_NAME_CHARACTERS && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name);
}

interface Finished {
  readonly status: number | null;
  readonly output: string;
  /** What it wrote to stderr. */
  readonly complaint: string;
}

async function finish(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
  { name, input }: HelperRun,
  options: HelperOptions,
): Promise<Finished> {
  const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const { promise, resolve, reject } = Promise.withResolvers<Finished>();
  const chunks: Buffer[] = [];
  let complaint = "";
  let bytes = 0;
  const stop = () => reject(interruption(signal.reason));
  const timer = setTimeout(() => reject(unusable(name, `it took more than ${timeoutMs / 1000} s`, options)), timeoutMs);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  child.once("error", (error) => reject(cannotStart(name, error, options)));
  child.once("close", (status) => resolve({ status, output: Buffer.concat(chunks).toString("utf8"), complaint }));
  child.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > MAX_OUTPUT_BYTES) reject(unusable(name, `it printed more than ${MAX_OUTPUT_BYTES} bytes`, options));
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(0, MAX_OUTPUT_BYTES);
  });
  // A helper that ends without reading closes the pipe; its exit status says why.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    // A process that it started may hold the pipe open long after its end.
    child.stdout.destroy();
    child.stderr.destroy();
    child.kill("SIGKILL");
  }
}

function cannotStart(name: string, cause: Error, options: HelperOptions): PkgError {
  const code = systemCode(cause) ?? "";
  if (code === "ENOENT") return unusable(name, "it is not installed", options, cause);
  return unusable(name, `it cannot be started: ${fileWords(code)?.reason ?? cause.message}`, options, cause);
}

function unusable(name: string, problem: string, { namedBy }: HelperOptions, cause?: unknown): PkgError {
  const program = `docker-credential-${name}`;
  const named = namedBy === undefined ? "" : `, which "${namedBy}" names`;
  return new PkgError("CREDENTIALS_INVALID", `Cannot use credential helper "${program}"${named}: ${problem}`, {
    hint: `Put "${program}" on PATH and see that it works, or take it out of ${namedBy ?? "docker's config.json"} ("credsStore", "credHelpers")`,
    cause,
  });
}
