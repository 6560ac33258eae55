/**
 * Makes the change of a scenario, or recovers, as it is told in messages, in a home where faults.c lets calls fail. It answers
 * "done", or the code of the error that it met, of which it might have ended.
 */
import { PkgError } from "../../src/errors.ts";
import { openHome, type ProfileHome } from "./profile-home.ts";
import { SCENARIOS, type ScenarioName } from "./scenarios.ts";

process.on("message", async (order: { home: string; action: string; faults: string }) => {
  process.send?.(await obey(order));
});

async function obey({ home, action, faults }: { home: string; action: string; faults: string }): Promise<string> {
  let opened: ProfileHome | null = null;
  process.env["PKG_FAULTS"] = faults;
  try {
    opened = openHome(home);
    if (action === "recover") await opened.profile.recover(new AbortController().signal);
    else SCENARIOS[action as ScenarioName].change(opened);
    opened.close();
    return "done";
  } catch (error) {
    close(opened);
    return error instanceof PkgError ? error.code : String(error);
  } finally {
    delete process.env["PKG_FAULTS"];
  }
}

/** As Node does at its end, while calls may still fail. */
function close(opened: ProfileHome | null): void {
  try {
    opened?.close();
  } catch {
    // That is one of the faults.
  }
}
