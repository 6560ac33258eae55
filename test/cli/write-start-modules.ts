/** Writes down which modules the program loads when it starts: `node test/cli/write-start-modules.ts`. */
import { writeFileSync } from "node:fs";
import { BUDGET_FILE, budgetOf, makeStartHome, measureStarts } from "../support/start-budget.ts";

const cleanups: (() => unknown)[] = [];
try {
  const home = await makeStartHome({ after: (work) => cleanups.push(work) });
  writeFileSync(BUDGET_FILE, `${JSON.stringify(budgetOf(await measureStarts(home)), null, 2)}\n`);
} finally {
  for (const work of cleanups.reverse()) await work();
}
process.exit();
