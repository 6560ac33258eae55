import { MAX_SYMLINKS } from "../base/limits.ts";

/** Where a path leads in a tree whose links stay inside it; null when links form a cycle. */
export function followLinks(path: string, linkAt: (path: string) => string | null): string | null {
  const done: string[] = [];
  let names = path.split("/");
  for (let followed = 0; followed <= MAX_SYMLINKS; ) {
    const name = names.shift();
    if (name === undefined) return done.join("/");
    if (name === "" || name === ".") continue;
    if (name === "..") {
      done.pop();
      continue;
    }
    const target = linkAt([...done, name].join("/"));
    if (target === null) {
      done.push(name);
      continue;
    }
    names = [...target.split("/"), ...names];
    followed += 1;
  }
  return null;
}
