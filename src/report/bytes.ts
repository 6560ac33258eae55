import { once } from "node:events";
import { PkgError } from "../errors.ts";
import { isTerminal } from "./tty.ts";

const MAX_SHOWN_BYTES = 8 * 1024 * 1024;

/** Where bytes go. */
export interface BytesOutput {
  readonly stream: NodeJS.WritableStream;
  /** Shows lines, escaped. */
  readonly print: (lines: readonly string[]) => void;
}

/**
 * Writes bytes unchanged to a pipe or a file. A terminal gets only text, and escaped: it would take other bytes for
 * commands.
 *
 * @throws {PkgError} USAGE when stdout is a terminal, and the bytes are not text or too many
 */
export async function writeBytes(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { stream, print }: BytesOutput,
): Promise<void> {
  if (isTerminal(stream)) return print((await textOf(source)).replace(/\n$/, "").split("\n"));
  for await (const chunk of source) {
    // It ends when the reader goes away; createOutput() keeps the error, and finish() reports it.
    if (!stream.writable) return;
    if (!stream.write(chunk)) await Promise.race([once(stream, "drain"), once(stream, "close")]);
  }
}

async function textOf(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.byteLength;
    if (size > MAX_SHOWN_BYTES) throw unprintable("there are too many");
    chunks.push(chunk);
  }
  const text = decode(Buffer.concat(chunks));
  if (text === null || text.includes("\0")) throw unprintable("they are not text");
  return text;
}

function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function unprintable(why: string): PkgError {
  return new PkgError("USAGE", `Cannot print these bytes on a terminal: ${why}`, {
    hint: "Write them to a file with --output FILE, or into a pipe",
  });
}

/** For bytes that were asked for with --json. */
export function bytesAreNoDocument(): PkgError {
  return new PkgError("USAGE", "Cannot write bytes to standard output: with --json it is one document", {
    hint: "Name a file with --output FILE, or leave --json out",
  });
}
