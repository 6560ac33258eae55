/**
 * The one gate: types, lint and format, then the tests (the architecture and the generated schemas have tests of
 * their own). `node scripts/check.ts [TEST_FILE…]` runs only those tests. Ends with the first stage that fails.
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { makeTestDirectory } from "./test-directory.ts";
import { writeTestProcesses } from "./test-processes.ts";

const ROOT = dirname(import.meta.dirname);
const TOOLS = join(ROOT, "node_modules", ".bin");
/** The tests start Node a thousand times, and half of each start is stripping and compiling the same sources. */
const COMPILE_CACHE = join(ROOT, "node_modules", ".cache", "compile");
/** One more than two processors, as tests wait for disks and programs; yet more would only compete. */
const TEST_CONCURRENCY = 3;

interface Stage {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const patterns = process.argv.slice(2);
/** Named files get a process each, as when they are run with `node --test`. */
const scratch = makeTestDirectory();
const tests = patterns.length > 0 ? patterns : writeTestProcesses(ROOT, scratch);
const stages: readonly Stage[] = [
  { name: "types", command: ["tsc", "--noEmit"] },
  { name: "lint and format", command: ["biome", "check", "--error-on-warnings", "."] },
  {
    name: "tests",
    command: ["node", "--test", "--test-reporter=spec", `--test-concurrency=${TEST_CONCURRENCY}`, ...tests],
  },
];

// A run that is interrupted ends with its tests, and leaves nothing behind either.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});

process.exitCode = stages.every(runStage) ? 0 : 1;
rmSync(scratch, { recursive: true });

function runStage({ name, command: [program, ...args] }: Stage): boolean {
  const start = performance.now();
  const { status, error } = spawnSync(join(TOOLS, program), args, {
    cwd: ROOT,
    stdio: "inherit",
    env: {
      ...process.env,
      PATH: `${TOOLS}${delimiter}${process.env["PATH"] ?? ""}`,
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      TMPDIR: scratch,
    },
  });
  if (error !== undefined) console.error(error.message);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${status === 0 ? "✔" : "✖"} ${name} (${seconds} s)`);
  return status === 0;
}
