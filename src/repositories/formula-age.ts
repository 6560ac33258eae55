import type { EmitEvent } from "../base/events.ts";
import type { Config } from "../config/config.ts";
import { formatTime } from "../index/header.ts";
import type { IndexMeta } from "../index-database/package-index.ts";
import { FORMULA_FORMAT } from "./formula-files.ts";

/** Formulae change many times a day: those that are the same for this many intervals are being kept back. */
const MAX_INTERVALS = 28;

interface AgeCapabilities {
  readonly config: Pick<Config, "syncIntervalMs">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What to tell about formulae that have not changed for suspiciously long; null: nothing. They state no expiry themselves. */
export function unchangedNotice(
  { config: { syncIntervalMs }, now }: AgeCapabilities,
  name: string,
  { format, syncedAtMs }: Pick<IndexMeta, "format" | "syncedAtMs">,
): string | null {
  if (format !== FORMULA_FORMAT || syncIntervalMs === null) return null;
  if (now() - syncedAtMs <= syncIntervalMs * MAX_INTERVALS) return null;
  return `The formulae of ${name} have been the same since ${formatTime(syncedAtMs)}: its mirror may be broken, or somebody is keeping newer ones from you; \`pkg sync --force ${name}\` asks for all of them`;
}

/** Warns of those among several indexes. */
export function tellUnchanged(
  cap: AgeCapabilities & { readonly emit: EmitEvent },
  indexes: Iterable<readonly [name: string, index: { readonly meta: IndexMeta }]>,
): void {
  for (const [name, { meta }] of indexes) {
    const message = unchangedNotice(cap, name, meta);
    if (message !== null) cap.emit({ kind: "warning", message });
  }
}
