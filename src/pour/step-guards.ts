import { isObject, type JsonObject } from "../base/json.ts";
import type { KegEdits } from "./keg-edits.ts";
import { absolutePath, type StepPlace, stepPath } from "./step-paths.ts";

/** What conditions of steps are about. */
export interface GuardContext extends StepPlace {
  /** Whether anything is at an absolute path. */
  readonly exists: (path: string) => boolean;
}

/** Whether the conditions of a step hold, after the steps before it; one that is not known does not. */
export function guardsAllow(context: GuardContext, edits: KegEdits, guards: unknown): boolean {
  return !Array.isArray(guards) || guards.every((guard) => isObject(guard) && guardAllows(context, edits, guard));
}

function guardAllows(context: GuardContext, edits: KegEdits, guard: JsonObject): boolean {
  switch (guard["condition"]) {
    case "on":
      return guard["value"] === "linux";
    case "if_exists":
      return isThere(context, edits, guard);
    case "unless_exists":
      return !isThere(context, edits, guard);
    default:
      return false;
  }
}

function isThere(context: GuardContext, edits: KegEdits, value: JsonObject): boolean {
  const path = stepPath(context, value);
  if (path?.kind === "keg") return edits.has(path.path);
  const absolute = absolutePath(context, value);
  if (path?.kind === "prefix" && edits.links.some((link) => link.path === `@prefix/${path.path}`)) return true;
  return absolute !== null && context.exists(absolute);
}
