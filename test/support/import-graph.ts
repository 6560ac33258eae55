import { posix } from "node:path";

/** Sources by their path from the root of the project, `src/oci/digest.ts`. */
export type Sources = ReadonlyMap<string, string>;

export interface Import {
  /** Of the importing file. */
  readonly from: string;
  /** A project path for a relative import, else the specifier as written. */
  readonly to: string;
  /** `type` leaves nothing behind when the program runs; a dynamic import counts as a value. */
  readonly kind: "value" | "type";
}

const STATIC_IMPORT = /^import\s*(?<type>type\s(?!\s*from))?[^"';]*?(?:\bfrom\s*)?"(?<to>[^"\n]+)"/gm;
const STATIC_EXPORT = /^export\s*(?<type>type\b)?\s*(?:\*(?:\s*as\s+[\w$]+)?|\{[^}]*\})\s*from\s*"(?<to>[^"\n]+)"/gm;
const CALL =
  /(?<typeof>\btypeof\s+)?(?<![.\w$'"`])(?:import|require)\(\s*(?:"(?<to>[^"\n]+)"\s*\)(?<member>\.[A-Z])?)?/g;

/** What `path` imports, statically and dynamically. A dynamic import of anything but a literal has `to` "?". */
export function importsOf(path: string, source: string): readonly Import[] {
  const code = withoutComments(source);
  const found = [...code.matchAll(STATIC_IMPORT), ...code.matchAll(STATIC_EXPORT), ...code.matchAll(CALL)];
  return found.map(({ groups = {} }) => ({
    from: path,
    to: groups["to"] === undefined ? "?" : target(path, groups["to"]),
    kind: (groups["type"] ?? groups["typeof"] ?? groups["member"]) ? "type" : "value",
  }));
}

/** Code with its comment lines blanked; comments behind code stay, they start no line with an import. */
export function withoutComments(source: string): string {
  return source.replace(/^\s*\/\*[\s\S]*?\*\//gm, "").replace(/^\s*\/\/.*$/gm, "");
}

/** The first cycle of imports, those of types among them, as the paths along it, or null. */
export function findCycle(imports: readonly Import[]): readonly string[] | null {
  const next = Map.groupBy(imports, ({ from }) => from);
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): readonly string[] | null => {
    const start = trail.indexOf(path);
    if (start !== -1) return [...trail.slice(start), path];
    if (finished.has(path)) return null;
    for (const { to } of next.get(path) ?? []) {
      const cycle = visit(to, [...trail, path]);
      if (cycle !== null) return cycle;
    }
    finished.add(path);
    return null;
  };
  for (const path of next.keys()) {
    const cycle = visit(path, []);
    if (cycle !== null) return cycle;
  }
  return null;
}

function target(path: string, specifier: string): string {
  return specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : specifier;
}
