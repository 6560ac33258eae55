import { BUILT_IN_REPOSITORIES } from "./defaults.ts";

/**
 * The names of the repositories that a config file writes, in that order, then the built-in ones that it does not name, so that its
 * own come first. To switch a built-in one on or off does not move it.
 */
export function repositoryNames(written: Readonly<Record<string, object>>): readonly string[] {
  const builtIn = Object.keys(BUILT_IN_REPOSITORIES);
  const isPlaced = (name: string) => !builtIn.includes(name) || Object.keys(written[name] ?? {}).join() !== "enabled";
  return [...new Set([...Object.keys(written).filter(isPlaced), ...builtIn])];
}
