import { isDeepStrictEqual } from "node:util";
import { formatKey, formatValue } from "../config/edit.ts";
import { parseToml, type TomlText } from "../config/toml.ts";
import { PkgError } from "../errors.ts";
import { type WrittenPackage, type WrittenValue, writtenValue } from "./write-packages.ts";

/** One change to `packages.toml`. */
export type PackagesEdit =
  | { readonly kind: "set"; readonly package: WrittenPackage }
  | { readonly kind: "remove"; readonly name: string };

type Table = Readonly<Record<string, unknown>>;

/**
 * Changes the text of `packages.toml` and keeps every other line, comments and order included. What a table says beside what is
 * set stays. The result is parsed again, and must differ only in the change that was asked for.
 *
 * @throws {PkgError} CONFIG_INVALID when the file is written in a way this cannot change safely
 */
export function editPackages(file: TomlText, edit: PackagesEdit): string {
  const before = plain(parseToml(file, "the page docs/project-tools.md has every key"));
  const name = edit.kind === "set" ? edit.package.name : edit.name;
  const written = asTable(asTable(before)["packages"])[name];
  if (edit.kind === "remove" && written === undefined) return file.text;
  const value = edit.kind === "set" ? merged(written, edit.package) : null;
  if (value !== null && isDeepStrictEqual(plain(value), written)) return file.text;
  const text = changed(file.text, name, value);
  if (isDeepStrictEqual(parsed({ ...file, text }), intended(before, name, value))) return text;
  throw new PkgError(
    "CONFIG_INVALID",
    `Cannot change "${name}" in "${file.path}": it is not written on a line of its own`,
    {
      hint: "Edit the file by hand",
    },
  );
}

/** What stands there, with what is set: a platform, a profile or a comment is not ours to change. */
function merged(written: unknown, item: WrittenPackage): WrittenValue {
  const value = writtenValue(item);
  if (typeof written !== "object" || written === null) return value;
  const { version: _, ...rest } = asTable(written);
  const set = typeof value === "string" ? { version: value } : value;
  return { ...rest, ...set };
}

function intended(before: unknown, name: string, value: WrittenValue | null): unknown {
  const { packages, ...file } = asTable(before);
  const { [name]: _, ...others } = asTable(packages);
  const all = value === null ? others : { ...others, [name]: value };
  return plain({ ...file, packages: all });
}

function parsed(file: TomlText): unknown {
  try {
    const value = plain(parseToml(file, ""));
    return plain({ ...asTable(value), packages: asTable(asTable(value)["packages"]) });
  } catch (error) {
    if (error instanceof PkgError) return undefined;
    throw error;
  }
}

function changed(text: string, name: string, value: WrittenValue | null): string {
  const lines = text.split("\n");
  const table = bodyOf(lines, ["packages"]);
  const at = table === null ? -1 : lines.findIndex((line, index) => isIn(table, index) && keyOf(line) === name);
  const own = bodyOf(lines, ["packages", name]);
  if (own !== null)
    return withTable(lines, own, value === null ? null : `${formatKey(name)} = ${formatValue(value)}`, table);
  if (value === null) return lines.filter((_, index) => index !== at).join("\n");
  const line = `${formatKey(name)} = ${formatValue(value)}`;
  if (at !== -1) return lines.with(at, `${line}${commentOf(lines[at] ?? "")}`).join("\n");
  if (table === null) return `${text}${text === "" ? "" : text.endsWith("\n") ? "\n" : "\n\n"}[packages]\n${line}\n`;
  return inserted(lines, lastOf(lines, table), line);
}

interface Body {
  /** Of the heading. */
  readonly start: number;
  /** Of the next heading, or the end. */
  readonly end: number;
}

/** A table of its own is replaced where it is, by a line of `[packages]` if there is one, and otherwise removed alone. */
function withTable(lines: readonly string[], own: Body, line: string | null, packages: Body | null): string {
  const rest = [...lines.slice(0, own.start), ...lines.slice(own.end === lines.length ? lines.length - 1 : own.end)];
  if (line === null) return rest.join("\n");
  if (packages === null) return [...lines.slice(0, own.start), "[packages]", line, ...lines.slice(own.end)].join("\n");
  const body = bodyOf(rest, ["packages"]);
  return body === null ? rest.join("\n") : inserted(rest, lastOf(rest, body), line);
}

function inserted(lines: readonly string[], after: number, line: string): string {
  return [...lines.slice(0, after + 1), line, ...lines.slice(after + 1)].join("\n");
}

/** The last line of a table that says something, or its heading. */
function lastOf(lines: readonly string[], { start, end }: Body): number {
  const said = lines.findLastIndex((line, index) => index > start && index < end && /^\s*[^\s#]/.test(line));
  return said === -1 ? start : said;
}

function bodyOf(lines: readonly string[], key: readonly string[]): Body | null {
  const start = lines.findIndex((line) => isDeepStrictEqual(headingOf(line), key));
  if (start === -1) return null;
  const next = lines.findIndex((line, index) => index > start && headingOf(line) !== null);
  let end = next === -1 ? lines.length : next;
  // Comments right before a heading belong to that.
  while (next !== -1 && end > start + 1 && /^\s*#/.test(lines[end - 1] ?? "")) end -= 1;
  return { start, end };
}

function isIn({ start, end }: Body, index: number): boolean {
  return index > start && index < end;
}

const PART = /^\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+))\s*/;

/** `["packages", "jq"]` of `[packages.jq]`; null for any other line. */
function headingOf(line: string): readonly string[] | null {
  if (!/^\s*\[(?!\[)/.test(line)) return null;
  const parts: string[] = [];
  for (let rest = line.trimStart().slice(1); ; rest = rest.slice(1)) {
    const part = PART.exec(rest);
    if (part === null) return null;
    parts.push(part[1] ?? part[2] ?? part[3] ?? "");
    rest = rest.slice(part[0].length);
    if (!rest.startsWith(".")) return parts;
  }
}

function keyOf(line: string): string | null {
  const part = PART.exec(line);
  return part !== null && line.slice(part[0].length).startsWith("=") ? (part[1] ?? part[2] ?? part[3] ?? "") : null;
}

/** What stands behind a value, with the space before it; a mark within quotes begins no comment. */
function commentOf(line: string): string {
  return /^(?:[^#"']|"(?:[^"\\]|\\.)*"|'[^']*')*?(\s*#.*)$/.exec(line)?.[1] ?? "";
}

function asTable(value: unknown): Table {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
