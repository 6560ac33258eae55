import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { MAIN } from "../support/pkg-process.ts";
import { makeSampleHome } from "../support/sample-home.ts";

const NOBODY = "65534";
const MODE = 0o777;

test("what root installs for all users is read, run and changed by whom it should be", async (t) => {
  const home = await makeSampleHome(t);
  const built = home.build({ name: "tool", version: "1.0" });
  await home.push(built);
  home.publishIndex(built);
  const root = join(home.path, "image");
  const system = ["--system", "--home", root, "--config", join(home.path, "config.toml")];
  for (const args of [
    ["install", "tool"],
    ["profile", "create", "team"],
  ]) {
    const { code, stdout, stderr } = await home.pkg([...system, ...args], { env: { PKG_HOME: "" } });
    assert.equal(code, 0, stderr);
    if (args[0] === "profile") assert.match(stdout, /use it with `pkg --system --profile team …`/);
  }
  for (const directory of ["opt/pkg", "opt/pkg/index", "opt/pkg/packages", "usr/local/bin"])
    assert.equal(statSync(join(root, directory)).mode & MODE, 0o755, directory);
  for (const [file, mode] of [
    ["state.db", 0o600],
    ["lock.db", 0o600],
    ["state.read.db", 0o644],
    ["index/tools.db", 0o644],
  ] as const)
    assert.equal(statSync(join(root, "opt/pkg", file)).mode & MODE, mode, file);

  const canActAs = process.geteuid?.() === 0;
  await t.test("by a user who may only read", { skip: canActAs ? false : "takes root" }, () => {
    for (const directory of [home.path, join(home.path, "config.toml")]) chmodSync(directory, 0o755);
    const own = join(home.path, "own");
    mkdirSync(own, { mode: 0o777 });
    const script = [
      ...[
        ["list"],
        ["verify"],
        ["search", "tool"],
        ["info", "tool"],
        ["files", "tool"],
        ["profile", "list"],
        ["run", "tool"],
        ["remove", "tool", "--dry-run"],
      ],
      ...[
        ["remove", "tool"],
        ["profile", "create", "x"],
        ["clean", "--dry-run"],
      ],
    ].map((args) => `"${process.execPath}" "${MAIN}" ${[...system, ...args].join(" ")} 2>&1; echo "=> $?"`);
    const closed = join(home.path, "closed");
    mkdirSync(closed, { mode: 0o700 });
    script.push(`HOME="${closed}" "${process.execPath}" "${MAIN}" ${system.join(" ")} run tool 2>&1; echo "=> $?"`);
    const as = ["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "sh", "-c", script.join("\n")];
    const env = { HOME: own, PATH: "/usr/bin:/bin", NO_COLOR: "1", PKG_OFFLINE: "1" };
    const output = execFileSync("setpriv", as, { env, encoding: "utf8", cwd: "/" });
    const ends = [...output.matchAll(/=> (\d+)/g)].map(([, code]) => Number(code));
    assert.deepEqual(ends, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0], output);
    assert.match(output, /Cannot change what is in .*: only root may\nhint: Run `sudo pkg --system [^`]* remove tool`/);
    assert.match(output, /hint: Run `sudo pkg --system [^`]* profile create x`/);
  });
});
