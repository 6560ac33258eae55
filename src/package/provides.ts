import type { Provide } from "./metadata.ts";
import { isSafeName } from "./names.ts";

/**
 * Decodes one item of `provides`: `a`, `a==b` (both names), `a=>b` (only b), `a:b` (alias), and `@a` (extra binary), which may
 * stand before each of the others. Null when a name in it could not be a link.
 */
export function parseProvide(text: string): Provide | null {
  const provide = split(text);
  return [provide.program, ...provide.links].every(isSafeName) ? provide : null;
}

/** Decodes the items of a list of `provides`, without those that parseProvide() cannot. */
export function parseProvides(texts: readonly string[]): readonly Provide[] {
  return texts.flatMap((text) => parseProvide(text) ?? []);
}

function split(text: string): Provide {
  if (text.startsWith("@")) return split(text.slice(1));
  const match = /^(.*?)(==|=>|:)(.*)$/.exec(text);
  const [, program = text, operator, other = ""] = match ?? [];
  if (operator === undefined) return { program, links: [program] };
  return { program, links: operator === "=>" ? [other] : [program, other] };
}

/** A package of single files, and what it provides. */
export interface LinkRequest {
  /** The name the package is installed as. */
  readonly name: string;
  /** The title of the main file. */
  readonly main: string;
  readonly provides: readonly Provide[];
}

/** A name in the bin directory, and the file that it leads to. */
export interface Link {
  readonly title: string;
  readonly link: string;
}

/**
 * The links of a package whose artifact holds `titles`. `provides` may list a whole family while the artifact holds one
 * program: names without a file are left out, unless the entry says that they are another name of the main file. Names
 * that are not plain file names are left out too, whichever decoder the entry came from.
 */
export function linksFor(request: LinkRequest, titles: readonly string[]): readonly Link[] {
  const there = new Set(titles);
  const links = new Map<string, string>();
  for (const { program, links: names } of request.provides) {
    const title = program === request.name ? request.main : program;
    if (!there.has(title)) continue;
    for (const name of names) if (isSafeName(name) && !links.has(name)) links.set(name, title);
  }
  const mainIsLinked = [...links.values()].includes(request.main);
  if (!mainIsLinked && isSafeName(request.name)) links.set(request.name, request.main);
  return [...links].map(([link, title]) => ({ title, link }));
}

/**
 * The links of a package that is a directory, to the programs in its `bin`: those that `provides` names, or all of them
 * when it is empty.
 *
 * @param programs names of the programs in `bin`
 */
export function directoryLinks(provides: readonly Provide[], programs: readonly string[]): readonly Link[] {
  const asked = provides.length > 0 ? provides : programs.map((program) => ({ program, links: [program] }));
  const links = new Map<string, string>();
  for (const { program, links: names } of asked) {
    if (!programs.includes(program)) continue;
    for (const name of names) if (isSafeName(name) && !links.has(name)) links.set(name, program);
  }
  return [...links].map(([link, program]) => ({ title: `bin/${program}`, link }));
}

/**
 * The links of a package that came as a plain archive: those that `provides` names, and the program that is named like the
 * package. A package of one program has that one, whatever it is called (`tool-linux-amd64`).
 *
 * @param programs paths of the executables found
 */
export function archiveLinks(
  { name, provides }: Pick<LinkRequest, "name" | "provides">,
  programs: readonly string[],
): readonly Link[] {
  const main =
    pathNamed(name, programs) ?? onlyOf(programs) ?? onlyOf(programs.filter((path) => isVariant(path, name)));
  const links = new Map<string, string>();
  for (const { program, links: names } of provides) {
    const path = pathNamed(program, programs) ?? (program === name ? main : null);
    if (path === null) continue;
    for (const link of names) if (isSafeName(link) && !links.has(link)) links.set(link, path);
  }
  const isLinked = main === null || [...links.values()].includes(main);
  if (!isLinked && isSafeName(name) && !links.has(name)) links.set(name, main);
  return [...links].map(([link, title]) => ({ title, link }));
}

/** The program of that name, the one in `bin` before others, and the least deep before those below. */
function pathNamed(name: string, programs: readonly string[]): string | null {
  const found = programs.filter((path) => baseName(path) === name);
  const depth = (path: string) => (path === `bin/${name}` ? 0 : path.split("/").length);
  return found.toSorted((left, right) => depth(left) - depth(right) || (left < right ? -1 : 1))[0] ?? null;
}

/** True for `tool-linux-amd64` or `tool_1.0` of the package `tool`. */
function isVariant(path: string, name: string): boolean {
  const rest = baseName(path).slice(name.length);
  return baseName(path).startsWith(name) && /^[-_.]/.test(rest);
}

function onlyOf(paths: readonly string[]): string | null {
  const [only, ...others] = paths;
  return only !== undefined && others.length === 0 ? only : null;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
