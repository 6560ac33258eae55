import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeDependencyHome } from "../support/dependency-home.ts";

const ONE = { version: "1.0" };

test("pkg install places what a package needs, names it, and links what was asked for alone", async (t) => {
  const home = await makeDependencyHome(t);
  await home.serve(
    { name: "app", ...ONE, needs: ["lib", "loop"] },
    { name: "lib", ...ONE, needs: ["base"] },
    { name: "loop", ...ONE, needs: ["base", "lib", "app"] },
    { name: "base", ...ONE },
  );
  const planned = await home.ok("install app --dry-run");
  for (const name of ["lib", "loop", "base"])
    assert.match(planned.stdout, new RegExp(`would install ${name} 1\\.0 \\(dependency\\)`));
  const { stdout, stderr } = await home.ok("install app");
  assert.match(stderr, /app 1\.0 \+ base 1\.0 \+ lib 1\.0 \+ loop 1\.0/);
  assert.match(stdout, /^\+ app 1\.0/m);
  assert.match(stdout, /^\+ 3 dependencies: base 1\.0, lib 1\.0, loop 1\.0$/m);
  assert.deepEqual(await home.installed(), ["*app 1.0", "base 1.0", "lib 1.0", "loop 1.0"]);
  assert.deepEqual(
    ["app", "base"].map((name) => existsSync(join(home.path, "bin", name))),
    [true, false],
  );
});

test("pkg install names who needs what is not there, and installs the rest", async (t) => {
  const home = await makeDependencyHome(t);
  await home.serve(
    { name: "app", ...ONE, needs: ["lib"] },
    { name: "lib", ...ONE, needs: ["nowhere"] },
    { name: "direct", ...ONE, needs: ["off"] },
    { name: "off", ...ONE, facts: { disabled: true } },
    { name: "fine", ...ONE },
  );
  const { code, stderr } = await home.pkg(["install", "app", "direct", "fine"]);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /Cannot install "app": "lib", which it needs, needs "nowhere", and no package of that name is in tools/,
  );
  assert.match(
    stderr,
    /Cannot install "direct": it needs "off"\. Cannot install "off": the index marks it as disabled/,
  );
  assert.deepEqual(await home.installed(), ["*fine 1.0"]);
  const { document } = await home.json("install", "app");
  assert.partialDeepStrictEqual(document, { packages: [{ name: "app", error: { code: "PACKAGE_NOT_FOUND" } }] });
  assert.equal(
    (await home.ok("info app direct --deps")).stdout,
    [
      "app 1.0\n└─ lib 1.0\n   └─ nowhere (no package of that name is in tools)\n",
      "direct 1.0\n└─ off 1.0 (disabled)\n",
    ].join("\n"),
  );
  const tree = await home.json("info", "off", "--deps");
  assert.partialDeepStrictEqual(tree.document, { packages: [{ name: "off", problem: "disabled", closure: [] }] });
});

test("pkg install of what was a dependency links it without a request, and changes nothing else", async (t) => {
  const home = await makeDependencyHome(t);
  await home.serve({ name: "app", ...ONE, needs: ["lib"] }, { name: "lib", ...ONE });
  await home.ok("install app");
  home.takeRequests();
  assert.match((await home.ok("install app")).stdout, /^= app 1\.0 is up to date$/m);
  assert.match((await home.ok("install lib --dry-run")).stdout, /would mark lib 1\.0 as asked for/);
  assert.match((await home.ok("install lib")).stdout, /^= lib 1\.0 is asked for now; it was a dependency$/m);
  assert.deepEqual(home.takeRequests(), []);
  assert.deepEqual(await home.installed(), ["*app 1.0", "*lib 1.0"]);
  assert.ok(existsSync(join(home.path, "bin", "lib")));
  await home.ok("install app --reinstall");
  assert.deepEqual(await home.installed(), ["*app 1.0", "*lib 1.0"]);
});

test("pkg install leaves out what needs something that fails, and what only that needs", async (t) => {
  const home = await makeDependencyHome(t);
  await home.serve(
    { name: "app", ...ONE, needs: ["bad", "own", "shared"] },
    { name: "bad", ...ONE, omit: ["CHECKSUM", "CHECKSUM.sig"] },
    { name: "own", ...ONE },
    { name: "shared", ...ONE },
    { name: "fine", ...ONE, needs: ["shared"] },
  );
  const { code, document } = await home.json("install", "app", "fine");
  assert.equal(code, 1);
  const failed = { action: "fail", error: { code: "CHECKSUM_MISSING" } };
  const packages = [
    { name: "bad", ...failed },
    { name: "own", ...failed },
    { name: "shared", action: "install", isDependency: true },
    { name: "app", ...failed },
    { name: "fine", action: "install", isDependency: false },
  ];
  assert.partialDeepStrictEqual(document, { packages });
  assert.deepEqual(await home.installed(), ["*fine 1.0", "shared 1.0"]);
});

test("pkg install changes an older dependency along, and what was built against it; what nothing needs any more goes", async (t) => {
  const home = await makeDependencyHome(t);
  await home.serve({ name: "old", ...ONE, needs: ["lib", "gone"] }, { name: "lib", ...ONE }, { name: "gone", ...ONE });
  await home.ok("install old");
  await home.serve(
    { name: "old", version: "2.0", needs: ["lib"] },
    { name: "lib", version: "2.0" },
    { name: "gone", version: "2.0" },
    { name: "new", ...ONE, needs: ["lib"] },
  );
  assert.match((await home.ok("install new --dry-run")).stdout, /would remove gone 1\.0 \(dependency\)/);
  const { stdout, stderr } = await home.ok("install new");
  assert.match(stderr, /old is changed too, because lib, which it needs, changes/);
  assert.match(stdout, /^~ 1 dependency: lib 1\.0 → 2\.0$/m);
  assert.match(stdout, /^- 1 dependency that nothing needs any more: gone 1\.0$/m);
  assert.deepEqual(await home.installed(), ["lib 2.0", "*new 1.0", "*old 2.0"]);
});

test("pkg update brings new dependencies, takes away those that are not needed any more, and keeps what was asked for", async (t) => {
  const home = await makeDependencyHome(t);
  await home.serve({ name: "app", ...ONE, needs: ["a", "b"] }, { name: "a", ...ONE }, { name: "b", ...ONE });
  await home.ok("install app b");
  await home.serve(
    { name: "app", version: "2.0", needs: ["c"] },
    { name: "a", ...ONE },
    { name: "b", ...ONE },
    { name: "c", ...ONE },
  );
  assert.match((await home.ok("outdated")).stdout, /app\s+1\.0 → 2\.0/);
  await home.ok("update app");
  assert.deepEqual(await home.installed(), ["*app 2.0", "*b 1.0", "c 1.0"]);
});

test("pkg install fetches nothing for what is refused before, and tells each reason once", async (t) => {
  const home = await makeDependencyHome(t);
  await home.serve(
    { name: "bash", ...ONE, needs: ["lib"] },
    { name: "lib", ...ONE },
    { name: "bad", ...ONE, omit: ["CHECKSUM", "CHECKSUM.sig"] },
    { name: "app", ...ONE, needs: ["bad"] },
  );
  const refused = await home.pkg(["install", "bash"]);
  assert.match(refused.stderr, /^error: Cannot place "bash": [^\n]*\nhint: [^\n]*--allow-name bash[^\n]*\n2 failed\n$/);
  assert.deepEqual(home.takeRequests(), []);
  const { stderr } = await home.pkg(["install", "app"]);
  assert.equal(stderr.match(/CHECKSUM/g)?.length, 1, stderr);
  assert.match(stderr, /^error: Cannot install "app": "bad", which it needs, failed$/m);
});

test("pkg update of a name changes all that it needs, and no more, and brings back what is missing", async (t) => {
  const home = await makeDependencyHome(t);
  const [app, lib] = [
    { name: "app", ...ONE, needs: ["lib"] },
    { name: "lib", ...ONE, needs: ["base"] },
  ];
  await home.serve(
    app,
    lib,
    { name: "base", ...ONE },
    { name: "own", ...ONE },
    { name: "tool", ...ONE, needs: ["own"] },
  );
  await home.ok("install app tool");
  await home.serve(
    app,
    lib,
    { name: "base", version: "2.0" },
    { name: "own", version: "2.0" },
    { name: "tool", ...ONE, needs: ["own"] },
  );
  assert.match((await home.ok("outdated app")).stdout, /^base +1\.0 → 2\.0 +tools \(dependency\)\n$/);
  const { document } = await home.json("outdated", "tool");
  assert.partialDeepStrictEqual(document, { packages: [{ name: "own", isDependency: true }] });
  await home.ok("update app");
  assert.deepEqual(await home.installed(), ["*app 1.0", "base 2.0", "lib 1.0", "own 1.0", "*tool 1.0"]);
  await home.ok("remove base --force");
  await home.ok("update");
  assert.deepEqual(await home.installed(), ["*app 1.0", "base 2.0", "lib 1.0", "own 2.0", "*tool 1.0"]);
});

test("pkg install and update keep a dependency that is disabled or withdrawn since", async (t) => {
  const home = await makeDependencyHome(t);
  const lib = { name: "lib", ...ONE };
  await home.serve({ name: "app", ...ONE, needs: ["lib", "base"] }, lib, { name: "base", ...ONE });
  await home.ok("install app");
  const off = { ...lib, facts: { disabled: true } };
  await home.serve({ name: "app", ...ONE, needs: ["lib", "base"] }, off);
  assert.match((await home.ok("install app")).stdout, /^= app 1\.0 is up to date$/m);
  assert.match((await home.ok("update")).stdout, /^= lib 1\.0 stays as it is: .* marks it as disabled$/m);
  await home.serve({ name: "app", version: "2.0", needs: ["lib", "base"] }, off);
  await home.ok("update app");
  assert.deepEqual(await home.installed(), ["*app 2.0", "base 1.0", "lib 1.0"]);
});
