import { asObject, isObject, type JsonObject, parseJson } from "../../base/json.ts";
import { jsonProblem } from "../../base/strict-json.ts";
import { PkgError } from "../../errors.ts";
import type { Formula } from "./formula.ts";
import type { ReadFormula } from "./formula-fields.ts";
import { readInternalFormula } from "./internal.ts";
import { isFormulaName } from "./names.ts";
import { readPublicFormula } from "./public.ts";

/** All formulae of an index, for one platform. */
export interface FormulaIndex {
  /** Sorted by name; each is there once. */
  readonly formulae: readonly Formula[];
  /** Which ones cannot be used, and why. */
  readonly skipped: readonly string[];
  /** The commit that the index was made from; null in the public form, which does not say. */
  readonly head: string | null;
}

/** Three times as many as there are; what has more is something else. */
const MAX_FORMULAE = 50_000;

/**
 * Reads a verified index, in the internal form (an object) or the public one (a list).
 *
 * @param payload JSON
 * @param tag of the platform, e.g. `x86_64_linux`
 * @throws {PkgError} INDEX_INVALID when it is neither; INDEX_TOO_LARGE
 */
export function readFormulaIndex(payload: string, tag: string): FormulaIndex {
  const document = parseJson(payload, (cause) => invalid(`its payload: ${jsonProblem(cause)}`, cause));
  if (Array.isArray(document)) return readPublic(document, tag);
  const formulae = asObject(asObject(document)?.["formulae"]);
  if (!isObject(document) || formulae === null) throw invalid('its payload is neither a list nor has "formulae"');
  return readInternal(document, formulae, tag);
}

function readPublic(document: readonly unknown[], tag: string): FormulaIndex {
  checkCount(document.length);
  const read = document.map((value, index) => ({ label: `formula ${index + 1}`, ...readPublicFormula(value, tag) }));
  return collect(read, null);
}

function readInternal(document: JsonObject, formulae: JsonObject, tag: string): FormulaIndex {
  const names = Object.keys(formulae);
  checkCount(names.length);
  const others = otherNames(document);
  const read = names.map((name) => ({
    label: `"${name}"`,
    ...withNames(readInternalFormula(name, formulae[name], tag), others),
  }));
  const head = document["formula_tap_git_head"];
  return collect(read, typeof head === "string" && /^[0-9a-f]{40}$/.test(head) ? head : null);
}

/** Names by which a formula is also known, by its name: the document may say it in one place instead of at each formula. */
interface OtherNames {
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly oldNames: ReadonlyMap<string, readonly string[]>;
}

function otherNames(document: JsonObject): OtherNames {
  return { aliases: inverted(document["formula_aliases"]), oldNames: inverted(document["formula_renames"]) };
}

function inverted(value: unknown): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [other, name] of Object.entries(asObject(value) ?? {})) {
    if (typeof name !== "string" || !isFormulaName(other)) continue;
    const known = found.get(name);
    if (known === undefined) found.set(name, [other]);
    else known.push(other);
  }
  return found;
}

function withNames(read: ReadFormula, { aliases, oldNames }: OtherNames): ReadFormula {
  if (read.kind === "skipped") return read;
  const { formula } = read;
  return {
    kind: "formula",
    formula: {
      ...formula,
      aliases: merged(formula.aliases, aliases.get(formula.name)),
      oldNames: merged(formula.oldNames, oldNames.get(formula.name)),
    },
  };
}

function merged(own: readonly string[], more: readonly string[] | undefined): readonly string[] {
  return more === undefined ? own : [...new Set([...own, ...more])];
}

function collect(read: readonly (ReadFormula & { readonly label: string })[], head: string | null): FormulaIndex {
  const formulae = new Map<string, Formula>();
  const skipped: string[] = [];
  for (const one of read) {
    if (one.kind === "skipped") skipped.push(`${one.label}: ${one.reason}`);
    else if (formulae.has(one.formula.name)) skipped.push(`${one.label}: "${one.formula.name}" is there twice`);
    else formulae.set(one.formula.name, one.formula);
  }
  const sorted = [...formulae.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { formulae: sorted, skipped, head };
}

function checkCount(count: number): void {
  if (count <= MAX_FORMULAE) return;
  throw new PkgError(
    "INDEX_TOO_LARGE",
    `Cannot read the index: it has ${count} formulae, expected at most ${MAX_FORMULAE}`,
  );
}

function invalid(reason: string, cause?: unknown): PkgError {
  return new PkgError("INDEX_INVALID", `Cannot read the index: ${reason}`, { cause });
}
