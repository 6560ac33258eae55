import { addAll } from "../../base/many.ts";
import type { DependencyTree, NeededPackage } from "../../inspect/needed-package.ts";
import type { Style } from "../../report/style.ts";

/** What is still to be drawn; `leave`: all below a package was drawn. */
type Todo =
  | { readonly kind: "draw"; readonly name: string; readonly indent: string; readonly isLast: boolean }
  | { readonly kind: "leave"; readonly name: string };

/** A package with what it needs below it. What is below something is drawn once; however deep it goes, nothing recurses. */
export function treeLines(tree: DependencyTree, style: Style): readonly string[] {
  const nodes = new Map<string, NeededPackage>([tree, ...tree.closure].map((node) => [node.name, node]));
  const lines = [`${style.bold(tree.name)} ${label(tree)}`];
  const [above, drawn] = [new Set([tree.name]), new Set([tree.name])];
  const open = below(tree, "");
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const node = nodes.get(next.name);
    if (next.kind === "leave") above.delete(next.name);
    else if (node !== undefined) {
      const { name, indent, isLast } = next;
      const mark = markOf(node, { isAbove: above.has(name), isDrawn: drawn.has(name) });
      lines.push(
        `${indent}${isLast ? "└─ " : "├─ "}${name} ${label(node)}${mark === "" ? "" : style.dim(` (${mark})`)}`,
      );
      if (drawn.has(name)) continue;
      above.add(name);
      drawn.add(name);
      open.push({ kind: "leave", name });
      addAll(open, below(node, `${indent}${isLast ? "   " : "│  "}`));
    }
  }
  return lines;
}

/** In reverse, as the last one is drawn first. */
function below({ dependencies }: NeededPackage, indent: string): Todo[] {
  return dependencies
    .map((name, index): Todo => ({ kind: "draw", name, indent, isLast: index === dependencies.length - 1 }))
    .reverse();
}

function label({ version, installedVersion, problem }: NeededPackage): string {
  if (problem !== null) return version === null ? `(${problem})` : `${version} (${problem})`;
  if (version === null || installedVersion === null) return version ?? "";
  return installedVersion === version ? `${version}, installed` : `${version}, ${installedVersion} is installed`;
}

function markOf(
  { dependencies }: NeededPackage,
  { isAbove, isDrawn }: { readonly isAbove: boolean; readonly isDrawn: boolean },
): string {
  if (isAbove) return "a cycle";
  return isDrawn && dependencies.length > 0 ? "see above" : "";
}
