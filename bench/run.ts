/** Prints every figure beside its rival, measured in the same run: `npm run bench [-- NAME…]`. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CASES, type Case } from "./cases.ts";
import { DAILY_CASES } from "./daily-cases.ts";
import { HOMEBREW_CASES } from "./homebrew-cases.ts";
import { INDEX_CASES } from "./index-cases.ts";
import { INSTALL_CASES } from "./install-cases.ts";
import { OCI_CASES } from "./oci-cases.ts";
import { PUBLISH_CASES } from "./publish-cases.ts";
import { createWorld, type World } from "./world.ts";

const MEBIBYTE = 1024 * 1024;
/** In the order of the table. */
const ALL_CASES: readonly Case[] = [
  ...CASES,
  ...DAILY_CASES,
  ...INDEX_CASES,
  ...INSTALL_CASES,
  ...HOMEBREW_CASES,
  ...PUBLISH_CASES,
  ...OCI_CASES,
];

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const cases = ALL_CASES.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
  const executable = join(import.meta.dirname, "../dist/pkg");
  execFileSync(process.execPath, [join(import.meta.dirname, "../scripts/build.ts")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const directory = mkdtempSync(join(tmpdir(), "pkg-bench-"));
  const world = await createWorld(directory, executable);
  console.log("| what | pkg | rival | ratio (pkg / rival) | peak memory, pkg / rival |\n|---|---|---|---|---|");
  try {
    for (const item of cases) await report(item, world);
  } finally {
    await world.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function report(item: Case, world: World): Promise<void> {
  const missing = item.needs?.find((program) => !world.has(program));
  if (missing !== undefined) {
    console.log(`| ${item.name} | | ${item.rival} | not run: ${missing} is not installed | |`);
    return;
  }
  const { ours, rival, ratio } = await item.run(world);
  const memory = [ours, rival].map(({ peakBytes }) => `${Math.round(peakBytes / MEBIBYTE)} MiB`).join(" / ");
  console.log(
    `| ${item.name} | ${milliseconds(ours.seconds)} | ${item.rival}: ${milliseconds(rival.seconds)} | ${ratio.toFixed(2)} | ${memory} |`,
  );
}

function milliseconds(seconds: number): string {
  return seconds < 10 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;
}

await main();
