import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openHome, placePackage, sampleProgram } from "../profile/profile-home.ts";
import { jsonOf, runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";

test("pkg which shows the file that runs, whose it is, and that it hides ours", async (t) => {
  const home = tempHome(t);
  const opened = openHome(home);
  await placePackage(opened, sampleProgram("1.0.0"));
  opened.close();
  const [bin, other] = [join(home, "bin"), join(home, "other")];
  mkdirSync(other);
  writeFileSync(join(other, "x"), "#!/bin/sh\n");
  chmodSync(join(other, "x"), 0o755);
  const which = (path: string, ...args: readonly string[]) =>
    runPkg(["which", "x", ...args], { home, env: { PATH: path } });
  assert.equal((await which(bin)).stdout, `${bin}/x: x 1.0.0\n`);
  const foreign = `${other}/x: not placed by pkg\n`;
  assert.equal((await which(`${other}:${bin}`)).stdout, `${foreign}hides ${bin}/x: x 1.0.0\n`);
  assert.equal((await which(`${bin}:${other}`, "-a")).stdout, `${bin}/x: x 1.0.0\n${foreign}`);
  assert.match((await which(other, "-a")).stdout, /: x 1\.0\.0, not on PATH: `pkg env`/);
  const missing = await runPkg(["which", "nosuch"], { home });
  assert.deepEqual([missing.code, missing.stdout], [1, ""]);
  assert.match(missing.stderr, /no program of that name is on PATH\n.*`pkg command-not-found nosuch`/);
  assert.partialDeepStrictEqual(jsonOf(await runPkg(["which", "nosuch", "--json"], { home })), {
    programs: [{ program: "nosuch", error: { code: "NOT_INSTALLED" } }],
  });
});
