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
      /** Links that somebody changed since: left as they are. */
      readonly left: readonly string[];
    }
  | { readonly action: "fail"; readonly name: string; readonly error: Failure };

export interface RemoveOutcome {
  readonly dryRun: boolean;
  readonly items: readonly RemovedItem[];
}

export type RemoveCapabilities = Pick<Capabilities, "state" | "emit" | "signal" | "now">;

/** Takes away exactly what was placed, then frees blobs and partial files that nobody has wanted for long. */
export async function remove(cap: RemoveCapabilities, request: RemoveRequest): Promise<WithErrors<RemoveOutcome>> {
  const state = await cap.state();
  const errors: PkgError[] = [];
  const items: RemovedItem[] = [];
  for (const name of new Set(request.names)) {
    try {
      items.push(await removeOne(cap, state, name, request.dryRun));
    } catch (error) {
      const failure = asFailure(error);
      errors.push(failure);
      items.push({ action: "fail", name, error: describeFailure(failure) });
    }
  }
  if (!request.dryRun)
    await state.withLock(() => state.blobs.sweep(state.installations.referencedDigests(), cap.now()));
  return { outcome: { dryRun: request.dryRun, items }, errors };
}

async function removeOne(cap: RemoveCapabilities, state: State, name: string, dryRun: boolean): Promise<RemovedItem> {
  if (dryRun) return describe("plan", mustBeInstalled(state, name), []);
  return state.withLock(() => {
    const installation = mustBeInstalled(state, name);
    const { left } = state.profile.remove(installation);
    for (const path of left)
      cap.emit({ kind: "warning", message: `"${path}" was changed since it was placed and is left alone` });
    return describe("remove", installation, left);
  });
}

function describe(action: "remove" | "plan", installation: Installation, left: readonly string[]): RemovedItem {
  const { name, version, sizeBytes, links } = installation;
  return { action, name, version, bytes: sizeBytes, links: links.map((link) => link.path), left };
}

/** @throws {PkgError} NOT_INSTALLED */
export function mustBeInstalled(state: State, name: string): Installation {
  const installation = state.installations.get(name);
  if (installation !== null) return installation;
  const [guess] = nearest(
    name,
    state.installations.list().map((installed) => installed.name),
    1,
  );
  throw new PkgError("NOT_INSTALLED", `Cannot find "${name}": it is not installed`, {
    hint: guess === undefined ? "Run `pkg list` to see what is" : `Did you mean "${guess}"?`,
  });
}
