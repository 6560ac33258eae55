import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readDeclaration } from "../../src/declare/find-file.ts";
import { hasCode } from "../../src/errors.ts";
import { tempDirectory } from "../support/temp-home.ts";

describe("readDeclaration()", () => {
  it("takes a project's own file from above, else the user-wide one, and nothing that others may write", (test) => {
    const root = tempDirectory(test);
    const [config, project] = [join(root, "config"), join(root, "work/project")];
    for (const path of [config, join(project, "a/b")]) mkdirSync(path, { recursive: true });
    const place = { directory: join(project, "a/b"), configFile: join(config, "config.toml") };
    const read = (named: string | null = null) => readDeclaration(place, named).path;
    assert.throws(() => read(), /Cannot find packages.toml: there is none in/);
    writeFileSync(join(config, "packages.toml"), '[packages]\njq = "1"\n');
    assert.equal(read(), join(config, "packages.toml"));
    const own = join(project, "packages.toml");
    writeFileSync(own, "");
    assert.equal(read(), own);
    chmodSync(own, 0o666);
    assert.throws(
      () => read(),
      (error: unknown) => hasCode(error, "PERMISSIONS_UNSAFE"),
    );
    assert.equal(read("../../packages.toml"), own);
    assert.throws(() => read("none.toml"), /there is no such file/);
    writeFileSync(join(project, "a/b/Brewfile"), 'brew "jq"\n');
    assert.equal(readDeclaration(place, "Brewfile").kind, "brewfile");
  });
});
