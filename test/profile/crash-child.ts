/**
 * `crash-child.ts HOME SCENARIO` makes the change of a scenario, `crash-child.ts HOME recover` recovers.
 * Prints "done", or the code of the error that it met.
 */
import { PkgError } from "../../src/errors.ts";
import { openHome } from "./profile-home.ts";
import { SCENARIOS, type ScenarioName } from "./scenarios.ts";

const [directory = "", action = ""] = process.argv.slice(2);
try {
  const home = openHome(directory);
  if (action === "recover") await home.profile.recover(new AbortController().signal);
  else SCENARIOS[action as ScenarioName].change(home);
  home.close();
  process.stdout.write("done\n");
} catch (error) {
  if (!(error instanceof PkgError)) throw error;
  process.stdout.write(`${error.code}\n`);
}
