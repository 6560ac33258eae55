import { isObject } from "../../base/json.ts";
import { listOf, nameOf, readSymbolOrText } from "./symbols.ts";

/** Deeper expressions are not written by people. */
const MAX_DEPTH = 8;

/**
 * A formula's licence as an SPDX expression: Homebrew writes a text, a symbol, `{"any_of": […]}`, `{"all_of": […]}` or
 * `{LICENCE: {"with": EXCEPTION}}`.
 *
 * @returns null when there is none, or it cannot be told
 * @see SPDX specification, annex D
 */
export function readLicense(value: unknown, depth = 0): string | null {
  const plain = readSymbolOrText(value);
  if (typeof plain === "string") return plain === "" ? null : plain;
  if (plain !== null) return plain.symbol === "public_domain" ? "LicenseRef-Public-Domain" : null;
  if (!isObject(value) || depth > MAX_DEPTH) return null;
  const all = Object.entries(value).map(([key, inner]) => readMember(nameOf(key) ?? "", inner, depth + 1));
  return all.length === 0 || all.includes(null) ? null : all.join(" AND ");
}

function readMember(key: string, inner: unknown, depth: number): string | null {
  if (key === "any_of") return join(listOf(inner), " OR ", depth);
  if (key === "all_of") return join(listOf(inner), " AND ", depth);
  const exception = isObject(inner) ? nameOf(inner["with"] ?? inner[":with"]) : null;
  return exception === null ? null : `${key} WITH ${exception}`;
}

function join(values: readonly unknown[], operator: string, depth: number): string | null {
  const parts = values.map((value) => ({ text: readLicense(value, depth), isGroup: isObject(value) }));
  const [first] = parts;
  if (first === undefined || parts.some(({ text }) => text === null)) return null;
  if (parts.length === 1) return first.text;
  return parts
    .map(({ text, isGroup }) => (isGroup && / (?:AND|OR) /.test(text ?? "") ? `(${text})` : text))
    .join(operator);
}
