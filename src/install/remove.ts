import type { Capabilities, State } from "../capabilities/capabilities.ts";
import { asFailure, describeFailure, type Failure, type WithErrors } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { nearest } from "../package/nearest.ts";

export interface RemoveRequest {
  readonly names: readonly string[];
  readonly dryRun: boolean;
}

export type RemovedItem =
  | {
      readonly action: "remove" | "plan";
      readonly name: string;
      readonly version: string;
      readonly bytes: number;
      readonly links: readonly string[];
      /** Links that have been changed by hand since, and stay as they are. */
      readonly left: readonly string[];
    }
  | { readonly action: "fail"; readonly name: string; readonly error: Failure };

export interface RemoveOutcome {
  readonly dryRun: boolean;
  readonly items: readonly RemovedItem[];
}

export type RemoveCapabilities = Pick<Capabilities, "state" | "emit" | "signal" | "now">;

/**
 * Removes exactly what was placed, for all packages that are named, as one journalled unit, then deletes blobs and partial
 * files that have not been needed for a long time.
 */
export async function remove(cap: RemoveCapabilities, request: RemoveRequest): Promise<WithErrors<RemoveOutcome>> {
  const state = await cap.state();
  const names = [...new Set(request.names)];
  const results = request.dryRun
    ? names.map((name) => planned(state, name))
    : await state.withLock(() => removeAll(state, names));
  for (const { left = [] } of results) {
    for (const path of left) {
      cap.emit({ kind: "warning", message: `"${path}" was changed since it was placed and is left alone` });
    }
  }
  if (!request.dryRun)
    await state.withLock(() => state.blobs.sweep(state.installations.referencedDigests(), cap.now()));
  const errors = results.flatMap(({ error }) => error ?? []);
  return { outcome: { dryRun: request.dryRun, items: results.map(({ item }) => item) }, errors };
}

interface Removed {
  readonly item: RemovedItem;
  readonly error?: PkgError;
  /** Paths of links that stay. */
  readonly left?: readonly string[];
}

function planned(state: State, name: string): Removed {
  try {
    return { item: describe("plan", mustBeInstalled(state, name), []) };
  } catch (error) {
    return failed(name, asFailure(error));
  }
}

function removeAll(state: State, names: readonly string[]): readonly Removed[] {
  const found = names.flatMap((name) => state.installations.get(name) ?? []);
  const results = state.profile.apply(
    found.map((installation) => ({ kind: "remove", installation })),
    { force: false },
  );
  return names.map((name) => {
    const index = found.findIndex((installation) => installation.name === name);
    const [installation, result] = [found[index], results[index]];
    if (installation === undefined || result === undefined) return planned(state, name);
    if (result.kind === "failed") return failed(name, result.error);
    const left = result.kind === "removed" ? result.left : [];
    return { item: describe("remove", installation, left), left };
  });
}

function failed(name: string, error: PkgError): Removed {
  return { item: { action: "fail", name, error: describeFailure(error) }, error };
}

function describe(action: "remove" | "plan", installation: Installation, left: readonly string[]): RemovedItem {
  const { name, version, sizeBytes, links } = installation;
  return { action, name, version, bytes: sizeBytes, links: links.map((link) => link.path), left };
}

/** The installation of that name. @throws {PkgError} NOT_INSTALLED */
export function mustBeInstalled(state: State, name: string): Installation {
  const installation = state.installations.get(name);
  if (installation !== null) return installation;
  const [guess] = nearest(
    name,
    state.installations.list().map((installed) => installed.name),
    1,
  );
  throw new PkgError("NOT_INSTALLED", `Cannot find "${name}": it is not installed`, {
    hint: guess === undefined ? "Run `pkg list` to see what is installed" : `Did you mean "${guess}"?`,
  });
}
