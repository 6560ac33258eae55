import { columns } from "./columns.ts";
import type { Style } from "./style.ts";
import { formatBytes, formatDuration } from "./units.ts";

/** What happened to one package, for its summary line. */
export type PackageChange =
  | { readonly kind: "installed"; readonly name: string; readonly version: string; readonly fetched: FetchSummary }
  | {
      readonly kind: "changed";
      readonly name: string;
      readonly from: string;
      readonly to: string;
      readonly fetched: FetchSummary;
    }
  | { readonly kind: "removed"; readonly name: string; readonly version: string };

/** How the bytes of a package arrived, and what was checked. */
export interface FetchSummary {
  /** Bytes that came over the network; null if they were in the store already. */
  readonly bytes: number | null;
  readonly elapsedMs: number;
  /** Key id, 16 hex digits as minisign prints it; null when no signature was checked. */
  readonly signedBy: string | null;
  /** Checks that were skipped. */
  readonly skipped: readonly string[];
}

/** Aligned summary lines: `+ trurl 8.14.1   7.8 MB in 0.9 s   signed RWSW…`, `- name 1.0`, `~ name 1.0 → 1.1`. */
export function summaryLines(changes: readonly PackageChange[], style: Style): string[] {
  return columns(changes.map((change) => [headline(change, style), ...(isFetched(change) ? tail(change, style) : [])]));
}

/** The first characters of a public key, as they appear in a config, made from its id. */
export function shortKey(keyId: string): string {
  const id = Buffer.from(keyId, "hex").reverse();
  return `${Buffer.concat([Buffer.from("Ed"), id])
    .toString("base64")
    .slice(0, 4)}…`;
}

function isFetched(change: PackageChange): change is Exclude<PackageChange, { readonly kind: "removed" }> {
  return change.kind !== "removed";
}

function headline(change: PackageChange, style: Style): string {
  switch (change.kind) {
    case "installed":
      return `${style.green("+")} ${style.bold(change.name)} ${change.version}`;
    case "changed":
      return `${style.cyan("~")} ${style.bold(change.name)} ${change.from} → ${change.to}`;
    case "removed":
      return `${style.red("-")} ${style.bold(change.name)} ${change.version}`;
  }
}

function tail({ fetched }: { readonly fetched: FetchSummary }, style: Style): readonly string[] {
  const bytes = fetched.bytes === null ? "from the store" : formatBytes(fetched.bytes);
  return [`${bytes} in ${formatDuration(fetched.elapsedMs)}`, trust(fetched, style)];
}

function trust(fetched: FetchSummary, style: Style): string {
  const signed = fetched.signedBy === null ? [] : [`signed ${shortKey(fetched.signedBy)}`];
  const skipped = fetched.skipped.length === 0 ? [] : [style.yellow(`unchecked: ${fetched.skipped.join(", ")}`)];
  return [...signed, ...skipped].join("   ");
}
