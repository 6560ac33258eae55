/** Names of what something needs itself. */
export type Needs = (name: string) => readonly string[];

/**
 * Roots and all that they need, each once: what is needed comes before what needs it, except where some need each other.
 * However deep that goes, nothing recurses.
 */
export function neededFirst(roots: Iterable<string>, needs: Needs): readonly string[] {
  const seen = new Set<string>();
  const done: string[] = [];
  const open: { readonly name: string; readonly rest: Iterator<string> }[] = [];
  const enter = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    open.push({ name, rest: needs(name)[Symbol.iterator]() });
  };
  for (const root of roots) {
    enter(root);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const next = top.rest.next();
      if (!next.done) enter(next.value);
      else {
        done.push(top.name);
        open.pop();
      }
    }
  }
  return done;
}

/** Roots and all that they need. */
export function allNeeded(roots: Iterable<string>, needs: Needs): ReadonlySet<string> {
  return new Set(neededFirst(roots, needs));
}

/** The other way round: names of what needs something itself, among `names`. */
export function neededBy(names: Iterable<string>, needs: Needs): Needs {
  const needers = new Map<string, string[]>();
  for (const name of names) {
    for (const needed of needs(name)) {
      const found = needers.get(needed);
      if (found === undefined) needers.set(needed, [name]);
      else if (!found.includes(name)) found.push(name);
    }
  }
  return (name) => needers.get(name) ?? [];
}

/**
 * The shortest chain from each of `ends` that needs `name` down to it: what needs comes first. One of two that are equally
 * short is chosen, the same each time.
 */
export function shortestChains(
  name: string,
  needers: Needs,
  isEnd: (name: string) => boolean,
): readonly (readonly string[])[] {
  const towards = new Map<string, string | null>([[name, null]]);
  const chains: string[][] = [];
  for (const [current] of towards) {
    if (current !== name && isEnd(current)) chains.push(chainFrom(current, towards));
    // A Map's iterator also visits what is added meanwhile.
    for (const needer of needers(current)) if (!towards.has(needer)) towards.set(needer, current);
  }
  return chains;
}

function chainFrom(start: string, towards: ReadonlyMap<string, string | null>): string[] {
  const chain: string[] = [];
  for (let at: string | null = start; at !== null; at = towards.get(at) ?? null) chain.push(at);
  return chain;
}
