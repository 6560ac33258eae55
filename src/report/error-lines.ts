import { foreignError } from "../base/foreign-error.ts";
import type { Style } from "./style.ts";

/** An error as `--json` shows it; `code` is `BUG` for anything but a PkgError. */
export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

const BUG_HINT = "Run it again with --verbose and report what it prints";

/** `error` as plain data with stable keys; what the machine refused is told in words, and is no bug. */
export function errorDocument(error: unknown): ErrorDocument {
  const known = foreignError(error);
  if (known !== null) return { code: known.code, message: known.message, hint: known.hint ?? null };
  return { code: "BUG", message: bugMessage(error), hint: BUG_HINT };
}

/**
 * Lines that tell a person what went wrong and what to type next; with `verbose` also the causes, and the stack of
 * a bug. Each message is one line: a line break in text from outside could pass for a line of ours.
 *
 * @param told errors that were shown before: what a message repeats of its cause is left out then
 */
export function errorLines(
  error: unknown,
  style: Style,
  { verbose, told = new Set() }: { readonly verbose: boolean; readonly told?: ReadonlySet<unknown> },
): string[] {
  const { message, hint } = withoutTold(error, told);
  const details = verbose ? [...(foreignError(error) === null ? stackLines(error) : []), ...causeLines(error)] : [];
  return [
    `${style.red(style.bold("error:"))} ${message}`,
    ...(hint === null ? [] : [`${style.cyan("hint:")} ${hint}`]),
    ...details.map((line) => `  ${style.dim(line)}`),
  ];
}

function withoutTold(error: unknown, told: ReadonlySet<unknown>): ErrorDocument {
  const document = errorDocument(error);
  const cause = error instanceof Error && told.has(error.cause) ? errorDocument(error.cause) : null;
  const repeated = `. ${cause?.message}`;
  if (cause === null || !document.message.endsWith(repeated)) return document;
  const message = document.message.slice(0, -repeated.length);
  return { ...document, message, hint: document.hint === cause.hint ? null : document.hint };
}

function bugMessage(error: unknown): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `This is a bug in pkg: ${what}`;
}

function stackLines(error: unknown): string[] {
  return error instanceof Error && error.stack !== undefined ? error.stack.split("\n").slice(1).map(trim) : [];
}

const MAX_CAUSES = 8;

function causeLines(error: unknown): string[] {
  const lines: string[] = [];
  let cause = error instanceof Error ? error.cause : undefined;
  for (let depth = 0; cause !== undefined && depth < MAX_CAUSES; depth += 1) {
    lines.push(`caused by ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return lines;
}

function trim(line: string): string {
  return line.trim();
}
