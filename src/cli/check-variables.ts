import { type Environment, variables } from "../base/environment.ts";
import type { EmitEvent } from "../base/events.ts";
import { nearest } from "../package/nearest.ts";
import { ENVIRONMENT } from "./environment.ts";

const READ = new Set(ENVIRONMENT.flatMap((section) => section.variables.map(({ name }) => name)));
const OURS = [...READ].filter((name) => name.startsWith("PKG_"));
/** pkg-config has variables of its own, which begin like ours. */
const OTHERS = /^PKG_CONFIG_/;

/** Warns of variables that are close to one of ours, and tells of relative XDG directories, which its specification ignores. */
export function checkVariables(env: Environment, emit: EmitEvent): void {
  for (const [name, value] of variables(env)) {
    if (/^PKG_/i.test(name) && !READ.has(name) && !OTHERS.test(name)) warnOf(name, emit);
    if (name.startsWith("XDG_") && READ.has(name) && !value.startsWith("/")) {
      emit({ kind: "warning", message: `${name} is ignored: "${value}" is not an absolute path` });
    }
  }
}

function warnOf(name: string, emit: EmitEvent): void {
  const [meant] = nearest(name, OURS, 1);
  if (meant === undefined) return;
  emit({
    kind: "warning",
    message: `${name} is ignored: did you mean ${meant}? \`pkg help environment\` lists them all`,
  });
}
