import parse from "spdx-expression-parse";
import ids from "spdx-license-ids/index.json" with { type: "json" };
import { nearest } from "./nearest.ts";

/** Longer ones are refused: the parser recurses for every parenthesis. */
const MAX_LICENSE_CHARACTERS = 256;

/** What is wrong with the text of a licence. */
export interface LicenseProblem {
  /** For a sentence of the form `licence is "X", PROBLEM`. */
  readonly problem: string;
  /** What may have been meant, e.g. `Apache-2.0` for `Apache 2.0`; null: nothing similar is known. */
  readonly suggestion: string | null;
}

/**
 * What is wrong with a licence; null for an SPDX expression of known licences (`MIT`, `Apache-2.0 OR MIT`, `LicenseRef-Ours`).
 *
 * @see SPDX specification 3.0.1, annex B, "SPDX license expressions"
 */
export function licenseProblem(text: string): LicenseProblem | null {
  if (text.length > MAX_LICENSE_CHARACTERS) {
    return { problem: `which is longer than ${MAX_LICENSE_CHARACTERS} characters`, suggestion: null };
  }
  if (isExpression(text)) return null;
  return { problem: "expected an SPDX expression such as MIT", suggestion: suggestionFor(text) };
}

function isExpression(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    // The parser throws plain errors for everything that it cannot read.
    return false;
  }
}

function suggestionFor(text: string): string | null {
  const wanted = plain(text);
  const same = ids.find((id) => plain(id) === wanted);
  return same ?? nearest(text.trim(), ids, 1)[0] ?? null;
}

/** The text reduced to what people write the same way, so that `Apache License, Version 2.0` equals `Apache-2.0`. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/\b(?:the|licen[cs]e|version)\b/g, "")
    .replaceAll(/v(?=\d)|[^a-z0-9.]/g, "");
}
