import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { obtainRecorded } from "../install/obtain-recorded.ts";
import type { Installation } from "../package/installation.ts";

/** Fetches a version that could be brought back into the store, and places nothing. @throws {PkgError} why that cannot be done */
export async function obtainVersion(cap: Capabilities, version: Installation): Promise<void> {
  const state = await cap.state();
  const again = await obtainRecorded(cap, state, [version]);
  if ((await state.profile.stored(version, cap.signal)) !== null) return;
  const change = await again.changeFor(version);
  if (change instanceof PkgError) throw change;
}
