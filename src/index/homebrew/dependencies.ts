import { isObject } from "../../base/json.ts";
import { listOf, nameOf, readSymbolOrText } from "./symbols.ts";

/** A dependency with none of these, or with another one, is needed to run. */
const NOT_AT_RUN_TIME: ReadonlySet<string> = new Set(["build", "test", "optional"]);

/**
 * The formulae that one needs to run, of a list as the internal index writes it: a name, or `{NAME: KIND}` with one kind or
 * several. A requirement, such as `:linux` or `{":arch": …}`, is no formula.
 *
 * @param value `stable_dependencies` or `stable_uses_from_macos`
 */
export function readDependencies(value: unknown): readonly string[] {
  return listOf(value).flatMap((one) => {
    // Of a pair, the second part has the versions of macOS that come with it.
    const [first] = Array.isArray(one) ? one : [one];
    return isObject(first) ? Object.entries(first).flatMap(([name, kinds]) => readKinds(name, kinds)) : readName(first);
  });
}

function readName(value: unknown): readonly string[] {
  const name = readSymbolOrText(value);
  return typeof name === "string" ? [name] : [];
}

function readKinds(name: string, kinds: unknown): readonly string[] {
  const named = (Array.isArray(kinds) ? kinds : [kinds]).map(nameOf);
  return named.length > 0 && named.every((kind) => kind !== null && NOT_AT_RUN_TIME.has(kind)) ? [] : readName(name);
}
