import { hasEnded, uniqueOwner } from "../base/process-alive.ts";

/** The name of a partial file while this process writes it. */
export function ownedPath(free: string): string {
  return `${free}.${uniqueOwner()}`;
}

/** True for the partial file `base`, also under the name of a process of this machine that has ended. */
export function isFree(name: string, base: string): boolean {
  return name === base || (name.startsWith(`${base}.`) && ownerState(name.slice(base.length)) === "ended");
}

/** The state of a partial file's owner, by what follows its plain name: "", or ".<machine>-<pid>-<random>". */
export function ownerState(suffix: string): "none" | "ended" | "running" | "unknown" {
  if (suffix === "") return "none";
  const owner = /^\.([0-9a-f]{8})-([0-9]{1,10})-(?:[0-9a-f]{12}|[0-9a-f]{16})$/.exec(suffix);
  if (owner === null) return "unknown";
  return hasEnded(owner[1] ?? "", owner[2] ?? "") ? "ended" : "running";
}
