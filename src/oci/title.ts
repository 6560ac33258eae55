import { PkgError } from "../errors.ts";

const MAX_TITLE_BYTES = 255;

/** Control, formatting (bidi among them), line and paragraph separators, lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Device names of Windows, with or without an extension. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)/i;

/**
 * Returns `title` when it is a plain file name on every system, so that joining it to a directory stays inside.
 *
 * @throws {PkgError} TITLE_INVALID
 */
export function safeTitle(title: string): string {
  const problem = titleProblem(title);
  if (problem === null) return title;
  throw new PkgError("TITLE_INVALID", `Cannot use file name "${title}": ${problem}`, {
    hint: "The package was published with a file name that cannot be trusted; tell its publisher",
  });
}

function titleProblem(title: string): string | null {
  if (title === "") return "it is empty";
  if (title === "." || title === "..") return "it names a directory";
  if (/[/\\]/.test(title)) return "it holds a path separator";
  if (INVISIBLE.test(title)) return "it holds control or invisible characters";
  const bytes = Buffer.byteLength(title);
  if (bytes > MAX_TITLE_BYTES) return `it has ${bytes} bytes, expected at most ${MAX_TITLE_BYTES}`;
  if (title.includes(":")) return `it holds ":"`;
  if (/[. ]$/.test(title)) return "it ends in a dot or a space";
  return WINDOWS_DEVICE.test(title) ? "it is a device name on Windows" : null;
}
