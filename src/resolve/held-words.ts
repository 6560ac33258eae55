import type { Held } from "./update-candidates.ts";

/** Why `update` leaves a package as it is, what is available, and what to type for that. */
export function heldWords(item: Held): string {
  const { name, version, availableVersion } = item;
  const available = availableVersion === version ? "another build of it" : availableVersion;
  return `${name} stays at ${version}, ${whyHeld(item)}; ${available} is available: ${cureOfHeld(item)}`;
}

function whyHeld({ isPinned, requested }: Held): string {
  return isPinned ? "as it is pinned" : `as "${requested}" asked for`;
}

function cureOfHeld({ name, isPinned }: Held): string {
  return isPinned ? `\`pkg unpin ${name}\` frees it` : `\`pkg install ${name}@latest\` takes it`;
}
