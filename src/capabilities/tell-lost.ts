import { basename, dirname } from "node:path";
import type { EmitEvent } from "../base/events.ts";
import type { Profile } from "../profile/profile.ts";
import type { Installations } from "../state/installations.ts";

/** The emitters that have told it: one run may open the records several times. */
const told = new WeakSet<EmitEvent>();

const MAX_NAMES = 8;

/** Warns of packages that are on the disk and are not recorded: the record of them was lost. */
export function tellLost(
  { installations, profile }: { readonly installations: Installations; readonly profile: Profile },
  { database, emit }: { readonly database: string; readonly emit: EmitEvent },
): void {
  if (told.has(emit)) return;
  const names = [...new Set(profile.strays().map((path) => basename(dirname(path))))];
  if (names.length === 0) return;
  told.add(emit);
  const listed = [...names.slice(0, MAX_NAMES), ...(names.length > MAX_NAMES ? ["…"] : [])].join(", ");
  const recorded = installations.isEmpty() ? "nothing as installed" : "not everything that is installed";
  const [was, it] = names.length === 1 ? ["was", "it"] : ["were", "them"];
  emit({
    kind: "warning",
    message: `"${database}" records ${recorded}: ${listed} ${was} placed here too. Install ${it} again, as with \`pkg install ${names[0]}\`, which takes over what is there, or remove ${it} with \`pkg remove --purge ${names[0]}\``,
  });
}
