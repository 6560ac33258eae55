import { once } from "../base/once.ts";
import type { RetrySettings } from "../base/retry.ts";
import { expectThere } from "../bundle-format/location.ts";
import { readBundleTable } from "../bundle-format/read-bundle.ts";
import type { BundleTable } from "../bundle-format/table.ts";
import { PkgError } from "../errors.ts";
import type { Target } from "../oci/content.ts";
import { formatLocation, keyIn, type Location } from "../oci/location.ts";
import type { Network } from "./network.ts";
import { openLocation } from "./open-location.ts";

/** A bundle that is open to be read. */
export interface OpenedBundle {
  readonly name: string;
  readonly location: Location;
  readonly place: Target;
  readonly table: BundleTable;
  close(): Promise<void>;
}

/** What opening a bundle takes. */
export interface BundleReader {
  /** Opened only for one in a registry. */
  readonly network: () => Promise<Network>;
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
}

/** Opens a bundle and reads what is in it. @throws {PkgError} as expectThere and readBundleTable; those of the place */
export async function openBundle(reader: BundleReader, location: Location): Promise<OpenedBundle> {
  const { retry, signal } = reader;
  expectThere(location);
  const name = location.kind === "registry" ? formatLocation(location) : location.path;
  const purpose = { task: `read the bundle "${name}"`, namedBy: "person" } as const;
  const opened = await openLocation(reader.network, location, purpose);
  try {
    const { tag, digest } = keyIn(location);
    const table = await readBundleTable({ place: opened.place, key: digest ?? tag ?? "", name, retry, signal });
    return { name, location, place: opened.place, table, close: () => opened.close() };
  } catch (error) {
    await opened.close();
    throw unusable(name, error);
  }
}

/** What a layout is refused for names a part of it, which nobody has seen; a bundle is one thing. */
function unusable(name: string, error: unknown): unknown {
  if (!(error instanceof PkgError)) return error;
  const { code, message, hint } = error;
  const isNamed = message.includes(name);
  if (isNamed && hint !== undefined) return error;
  const problem = message.charAt(0).toLowerCase() + message.slice(1);
  return new PkgError(code, isNamed ? message : `Cannot use the bundle "${name}": ${problem}`, {
    hint: hint ?? "Make it again with `pkg bundle create`, or copy it again",
    cause: error,
  });
}

/** The same bundle for all that ask for it, opened when it is first asked for. */
export function sharedBundle(reader: BundleReader, location: Location): () => Promise<OpenedBundle> {
  return once(() => openBundle(reader, location)).get;
}
