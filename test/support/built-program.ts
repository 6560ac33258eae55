import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const BUILD = join(ROOT, "scripts/build.ts");
const KEPT = join(ROOT, "node_modules/.cache/program");

/**
 * Puts the program as it ships into `directory` and gives its path. It starts in half the time that the sources take. It is built
 * once for all test files, until a source changes.
 */
export function buildProgram(directory: string): string {
  const kept = join(KEPT, fingerprint(), "pkg");
  if (!existsSync(kept)) build(kept);
  const output = join(directory, "pkg");
  copyFileSync(kept, output);
  return output;
}

/** The output appears when it is whole, so that two test files may build it side by side. */
function build(output: string): void {
  for (const old of globSync("*", { cwd: KEPT }))
    if (!dirname(output).endsWith(old)) rmSync(join(KEPT, old), { recursive: true });
  const { status, stderr } = spawnSync(process.execPath, [BUILD, "--output", output], { encoding: "utf8" });
  if (status !== 0) throw new Error(`Cannot build the program: ${stderr}`);
}

/** Of all that the program is made of. */
function fingerprint(): string {
  const hash = createHash("sha256").update(process.version);
  const sources = globSync(["src/**/*.*", "scripts/**/*.*", "package.json", "package-lock.json"], { cwd: ROOT });
  for (const path of sources.toSorted())
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(ROOT, path)))
      .update("\0");
  return hash.digest("hex");
}
