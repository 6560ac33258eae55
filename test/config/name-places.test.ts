import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { namePlaces } from "../../src/config/name-places.ts";
import { tempHome } from "../support/temp-home.ts";

const FILES = [
  "",
  '[repositories.tools]\nurl = "https://tools.example/index.json"\n[repositories.soarpkgs]\nenabled = false\n',
  '[repositories.bincache]\nurl = "https://mirror.example/index.json"\n[repositories.homebrew]\nprefix = "/opt/b"\n',
  "[repositories.bincache]\nenabled = true\n[repositories.pkgcache]\nenabled = true\n",
];

test("namePlaces() finds the same repositories, in the same order, and paths as loadConfig()", () => {
  const home = tempHome({ after });
  mkdirSync(join(home, "profiles/work"), { recursive: true });
  writeFileSync(join(home, "profiles/work/state.db"), "");
  for (const text of FILES) {
    writeFileSync(join(home, "config.toml"), text);
    for (const profile of [undefined, "work"]) {
      const words = { env: { PKG_HOME: home, HOME: "/home/me" }, workingDirectory: "/" };
      const flags = { profile };
      const config = loadConfig({ ...words, flags, platform: "linux", arch: "x64" });
      const found = namePlaces({ ...words, profile });
      const repositories = config.repositories.map(({ name, enabled }) => ({ name, enabled }));
      assert.deepEqual(found.repositories, repositories, text);
      assert.deepEqual({ ...found.paths, prefix: "" }, { ...config.paths, prefix: "" });
    }
  }
});
