import { isDeepStrictEqual } from "node:util";
import { parse } from "smol-toml";
import { PkgError } from "../errors.ts";

/** One change to a table `[repositories.NAME]` of the config file. */
export type ConfigEdit =
  | { readonly kind: "set"; readonly name: string; readonly values: Readonly<Record<string, EditValue>> }
  | { readonly kind: "remove"; readonly name: string };

export type EditValue = string | boolean | number | readonly string[];

/**
 * Changes the text of a config file and keeps every other line, comments included.
 * The result is parsed again, and must differ only in the change that was asked for.
 *
 * @throws {PkgError} CONFIG_INVALID when the file is written in a way this cannot change safely
 */
export function editRepositories(text: string, edit: ConfigEdit): string {
  const result = edit.kind === "set" ? setKeys(text, edit.name, edit.values) : removeTable(text, edit.name);
  if (!isDeepStrictEqual(parsed(result), plain(intended(parse(text), edit)))) {
    throw new PkgError(
      "CONFIG_INVALID",
      `Cannot change repository "${edit.name}": its table is not written as [repositories.${edit.name}]`,
      {
        hint: "Edit the config file by hand; `pkg config` shows where it is",
      },
    );
  }
  return result;
}

/** The parsed text, or undefined when the change broke it. */
function parsed(text: string): unknown {
  try {
    return plain(parse(text));
  } catch {
    return undefined;
  }
}

/** A copy with plain prototypes: those of parsed tables differ from ours. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function intended(before: unknown, edit: ConfigEdit): unknown {
  const config = asTable(before);
  const repositories = { ...asTable(config["repositories"]) };
  if (edit.kind === "remove") delete repositories[edit.name];
  else repositories[edit.name] = { ...asTable(repositories[edit.name]), ...edit.values };
  const { repositories: _, ...rest } = config;
  return Object.keys(repositories).length === 0 ? rest : { ...rest, repositories };
}

function asTable(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function setKeys(text: string, name: string, values: Readonly<Record<string, EditValue>>): string {
  const lines = text.split("\n");
  const table = findTable(lines, name);
  if (table === null) return appendTable(text, name, values);
  const body = lines.slice(table.start + 1, table.end);
  for (const [key, value] of Object.entries(values)) {
    const line = `${key} = ${formatValue(value)}`;
    const at = body.findIndex((candidate) => new RegExp(`^\\s*${key}\\s*=`).test(candidate));
    if (at === -1) body.unshift(line);
    else body[at] = line;
  }
  return [...lines.slice(0, table.start + 1), ...body, ...lines.slice(table.end)].join("\n");
}

function appendTable(text: string, name: string, values: Readonly<Record<string, EditValue>>): string {
  const separator = text === "" ? "" : text.endsWith("\n") ? "\n" : "\n\n";
  const body = Object.entries(values).map(([key, value]) => `${key} = ${formatValue(value)}\n`);
  return `${text}${separator}[repositories.${formatKey(name)}]\n${body.join("")}`;
}

function removeTable(text: string, name: string): string {
  const lines = text.split("\n");
  const table = findTable(lines, name);
  if (table === null) return text;
  const rest = table.end === lines.length ? [""] : lines.slice(table.end);
  return [...lines.slice(0, table.start), ...rest].join("\n");
}

/** The lines of a table: from its header to the next one or the end. Comments before the next header belong to that. */
function findTable(lines: readonly string[], name: string): { readonly start: number; readonly end: number } | null {
  const headers = new Set([`[repositories.${name}]`, `[repositories."${name}"]`]);
  const start = lines.findIndex((line) => headers.has(line.replace(/#.*$/, "").trim()));
  if (start === -1) return null;
  const next = lines.findIndex((line, index) => index > start && line.trimStart().startsWith("["));
  let end = next === -1 ? lines.length : next;
  while (next !== -1 && end > start + 1 && (lines[end - 1] ?? "").trimStart().startsWith("#")) end--;
  return { start, end };
}

/** A key as TOML writes it. */
export function formatKey(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name);
}

/** A value as TOML writes it, on one line. A JSON string is a TOML basic string as long as it holds no DEL and no lone surrogate. */
export function formatValue(value: unknown): string {
  if (typeof value === "boolean" || typeof value === "number") return String(value);
  if (typeof value === "string") return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
  if (Array.isArray(value)) return `[${value.map(formatValue).join(", ")}]`;
  const pairs = Object.entries(asTable(value)).map(([key, own]) => `${formatKey(key)} = ${formatValue(own)}`);
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}
