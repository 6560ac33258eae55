import { expectationOf, JSON_TYPES, pointerSegments, valueAt } from "../base/schema-words.ts";
import type { SchemaError } from "../generated/publication-schema.js";
import { nearest } from "../package/nearest.ts";

/** The problem with a value, and a hint about what to do. */
export interface SchemaProblem {
  readonly problem: string;
  readonly hint: string;
}

const EXAMPLE_HINT = "docs/publish.md has an example";
const GENERAL_HINT = `${EXAMPLE_HINT}; \`pkg init\` writes one`;
const REFERENCE_HINT = "Name a registry and a repository, e.g. ghcr.io/me/tools/trurl";
/** For the fields that everybody has to give. */
const FIELD_HINTS: Readonly<Record<string, string>> = {
  reference: REFERENCE_HINT,
  version: "A version looks like 8.14.1",
};

/** The first way in which `value` breaks the schema of `pkg.json`. */
export function describeProblem(errors: readonly SchemaError[] | null | undefined, value: unknown): SchemaProblem {
  const [error] = errors ?? [];
  if (error === undefined) return { problem: "it does not match its schema", hint: GENERAL_HINT };
  const place = placeOf(error.instancePath);
  const missing = error.params["missingProperty"];
  if (typeof missing === "string") {
    const owner = place === "" ? "it" : place;
    return { problem: `${owner} has no "${missing}"`, hint: missingHint(place, missing) };
  }
  const unknown = error.params["additionalProperty"];
  if (typeof unknown === "string") {
    const known = Object.keys(error.parentSchema?.properties ?? {});
    const [guess] = nearest(unknown, known, 1);
    const hint = guess === undefined ? `Known keys: ${known.join(", ")}` : `Did you mean "${guess}"?`;
    return { problem: `key "${place === "" ? unknown : `${place}.${unknown}`}" is unknown`, hint };
  }
  const found = JSON.stringify(valueAt(value, error.instancePath)) ?? "nothing";
  return {
    problem: `${place === "" ? "it" : place}${expectationOf(error, JSON_TYPES)}, found ${found.slice(0, 200)}`,
    hint: FIELD_HINTS[place] ?? GENERAL_HINT,
  };
}

/** The hint for whoever is answering the questions of `pkg init`, which is no advice to them. */
export function hintWhileAsked(hint: string): string {
  return hint === GENERAL_HINT ? EXAMPLE_HINT : hint;
}

/** Every top-level field has a flag of its own. */
function missingHint(place: string, missing: string): string {
  if (place !== "") return GENERAL_HINT;
  if (missing === "reference") return REFERENCE_HINT;
  const flag = missing === "files" ? "--file FILE@os/arch" : `--${missing}`;
  return `Add "${missing}" to pkg.json, or give ${flag}`;
}

/** `files[0].platform` of `/files/0/platform` */
function placeOf(pointer: string): string {
  return pointerSegments(pointer)
    .map((segment, index) => (/^\d+$/.test(segment) ? `[${segment}]` : `${index === 0 ? "" : "."}${segment}`))
    .join("");
}
