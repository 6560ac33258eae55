import type { FileHandle } from "node:fs/promises";
import { fileSystemError } from "../fs/errors.ts";
import { openForAppending } from "../fs/new-file.ts";

/** One answered request. */
export interface AnswerLine {
  /** When the request arrived, in milliseconds since 1970. */
  readonly at: number;
  /** The client's address. */
  readonly client: string;
  /** The user, if a password proved who it is; else null. */
  readonly user: string | null;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** 499 when the client left before it was answered. */
  readonly status: number;
  /** Bytes of the answer's body. */
  readonly bytes: number;
  /** Milliseconds until everything was sent. */
  readonly ms: number;
}

/** Logged when the client closes the connection before there is a status, as nginx does. */
export const CLIENT_LEFT = 499;

/**
 * One line: time, client, user or `-`, method, path, status, bytes, milliseconds. Everything but visible ASCII is
 * escaped, so that nothing a client sends can look like a second line or field.
 */
export function formatAnswerLine(line: AnswerLine): string {
  const { at, client, user, method, path, status, bytes, ms } = line;
  const words = [client, user ?? "-", method, path].map(escapeWord);
  return [new Date(at).toISOString(), ...words, status, bytes, Math.round(ms)].join(" ");
}

/** The same as one line of JSON, in the vocabulary of docs/json.md. */
export function formatAnswerJson(line: AnswerLine): string {
  const { at, bytes, ms, ...rest } = line;
  const told = { requestedAt: new Date(at).toISOString(), ...rest, bytesSent: bytes, durationMs: Math.round(ms) };
  const text = JSON.stringify(told);
  return text.replace(/[^ -~]/g, (unit) => `\\u${hexOf(unit, 4)}`);
}

function escapeWord(text: string): string {
  const escaped = text.replace(/[^!-~]|[\\"]/g, (unit) => `\\x${hexOf(unit, 2)}`);
  return escaped === "" ? "-" : escaped;
}

function hexOf(unit: string, digits: number): string {
  return unit.charCodeAt(0).toString(16).padStart(digits, "0");
}

/** A log that lines are appended to. */
export interface AccessLog {
  write(line: string): void;
  close(): Promise<void>;
}

/**
 * Appends lines to a file, which must not be a link; if it is missing, it is created so that only its owner can read it.
 *
 * @param onProblem called once, for the first line that cannot be written
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export async function openAccessLog(path: string, onProblem: (error: unknown) => void): Promise<AccessLog> {
  const file: FileHandle = await openForAppending(path).catch((error: unknown) => {
    throw fileSystemError(error, `write access log "${path}"`);
  });
  const stream = file.createWriteStream();
  stream.once("error", (error) => onProblem(fileSystemError(error, `write access log "${path}"`)));
  return {
    write: (line) => void stream.write(`${line}\n`),
    close: () =>
      new Promise((resolve) => {
        if (stream.destroyed) resolve();
        else stream.once("close", resolve).end();
      }),
  };
}
