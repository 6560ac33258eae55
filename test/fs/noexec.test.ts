import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isOnNoexec } from "../../src/fs/noexec.ts";
import { tempDirectory } from "../support/temp-home.ts";

const CANNOT_MOUNT = spawnSync("unshare", ["-m", "true"]).status === 0 ? false : "file systems cannot be mounted here";

test("isOnNoexec() is false for what can be run, and for what is not there or no program", (t) => {
  const root = tempDirectory(t);
  writeFileSync(join(root, "program"), "#!/bin/sh\n", { mode: 0o755 });
  writeFileSync(join(root, "text"), "", { mode: 0o644 });
  for (const name of ["program", "text", "nothing", "."]) assert.equal(isOnNoexec(join(root, name)), false, name);
});

test("isOnNoexec() is true for a program on a file system that is mounted noexec", { skip: CANNOT_MOUNT }, (t) => {
  const root = tempDirectory(t);
  const module = new URL("../../src/fs/noexec.ts", import.meta.url).href;
  const asked = `import(${JSON.stringify(module)}).then((it) => console.log(it.isOnNoexec("app"), it.isOnNoexec("text")))`;
  const script = `mount -t tmpfs -o noexec none . && cd "$PWD" && echo '#!/bin/sh' >app && chmod 755 app && >text && exec "$0" -e "$1"`;
  const { stdout, stderr } = spawnSync("unshare", ["-m", "sh", "-c", script, process.execPath, asked], { cwd: root });
  assert.equal(`${stdout}`, "true false\n", `${stderr}`);
});
