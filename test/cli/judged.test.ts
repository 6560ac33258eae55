import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { serve } from "../http/local-server.ts";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";

/** A home whose index is on a host of its own, which can die. */
interface JudgedHome extends SampleHome {
  die(): void;
}

/** A home with `kept` 1.1.0 and `gone` installed from `tools`. */
async function judgedHome(t: TestContext): Promise<JudgedHome> {
  const home = await makeSampleHome(t);
  let isDead = false;
  const host = await serve(t, async ({ url = "" }, response) => {
    if (isDead) response.destroy();
    else response.end(Buffer.from(await (await fetch(`${home.registryUrl}${url}`)).arrayBuffer()));
  });
  rewrite(home, (text) => text.replace(`${home.registryUrl}/index/`, `${host.origin}/index/`));
  const packages = [home.build({ name: "kept", version: "1.1.0" }), home.build({ name: "gone", version: "1.0.0" })];
  await home.push(...packages);
  home.publishIndex(...packages);
  assert.equal((await home.pkg(["install", "kept", "gone"])).code, 0);
  return {
    ...home,
    die: () => {
      isDead = true;
    },
  };
}

function rewrite(home: SampleHome, change: (config: string) => string): void {
  const file = join(home.path, "config.toml");
  writeFileSync(file, change(readFileSync(file, "utf8")));
}

interface Case {
  /** What happens to the world. */
  readonly change: (home: JudgedHome) => unknown;
  readonly code: string;
  readonly reason: RegExp;
  /** Exit codes of commands for all packages, and of those that name `gone`. */
  readonly exits: { readonly all: number; readonly named: number };
  /** When `outdated`, which does not sync, says the same. */
  readonly outdatedSees: "always" | "after a sync" | "never";
}

const CASES: Readonly<Record<string, Case>> = {
  "was withdrawn": {
    change: (home) => home.publishIndex(home.build({ name: "kept", version: "1.1.0" })),
    ...{ code: "PACKAGE_NOT_FOUND", reason: /its repository "tools" does not have it any more/ },
    ...{ exits: { all: 0, named: 1 }, outdatedSees: "after a sync" },
  },
  "is there only in an older version": {
    change: (home) => home.publishIndex(home.build({ name: "gone", version: "0.9.0" })),
    ...{ code: "VERSION_NOT_FOUND", reason: /does not have version 1\.0\.0 any more; the newest there is 0\.9\.0/ },
    ...{ exits: { all: 0, named: 1 }, outdatedSees: "after a sync" },
  },
  "is disabled by its repository": {
    change: (home) => home.publishIndex(home.build({ name: "gone", version: "1.0.0", entry: { _disabled: "true" } })),
    ...{ code: "PACKAGE_UNINSTALLABLE", reason: /marks it as disabled/ },
    ...{ exits: { all: 0, named: 1 }, outdatedSees: "after a sync" },
  },
  "is of a repository that is disabled": {
    change: (home) => home.pkg(["repo", "disable", "tools"]),
    ...{ code: "REPOSITORY_DISABLED", reason: /its repository "tools" is disabled/ },
    ...{ exits: { all: 0, named: 1 }, outdatedSees: "always" },
  },
  "is of a repository that was removed": {
    change: (home) => home.pkg(["repo", "remove", "tools"]),
    ...{ code: "REPOSITORY_UNKNOWN", reason: /its repository "tools" was removed/ },
    ...{ exits: { all: 0, named: 1 }, outdatedSees: "always" },
  },
  "is of a repository that is unreachable": {
    change: (home) => home.die(),
    ...{ code: "NETWORK_FAILED", reason: /the index of "tools" is .* old and could not be refreshed\. Cannot reach/ },
    ...{ exits: { all: 75, named: 75 }, outdatedSees: "never" },
  },
  "is of a repository that lost its index": {
    change: (home) => {
      rmSync(join(home.path, "index", "tools.db"));
      home.die();
    },
    ...{ code: "NETWORK_FAILED", reason: /the index of "tools" cannot be used\. Cannot reach/ },
    ...{ exits: { all: 75, named: 75 }, outdatedSees: "always" },
  },
};

const ONCE = { env: { PKG_RETRY_FOR: "0s" } };

for (const [what, { change, code, reason, exits, outdatedSees }] of Object.entries(CASES)) {
  test(`pkg update, its --check and outdated say of a package that ${what} that they cannot tell`, async (t) => {
    const home = await judgedHome(t);
    await change(home);
    const lines = ["update", "update --check", "outdated", "update gone", "outdated gone"];
    const seeing = lines.filter((line) => outdatedSees !== "never" || !line.startsWith("outdated"));
    for (const line of seeing) {
      const exit = line.endsWith("gone") ? exits.named : exits.all;
      const shown = await home.pkg(line.split(" "), ONCE);
      assert.equal(shown.code, exit, `${line}: ${shown.stderr}`);
      assert.match(shown.stdout, /\bgone\b.*1\.0\.0/, line);
      assert.doesNotMatch(shown.stdout + shown.stderr, /gone 1\.0\.0 is up to date|Everything is up to date/, line);
      const { packages } = JSON.parse((await home.pkg([...line.split(" "), "--json"], ONCE)).stdout);
      const item = packages.find(({ name }: { readonly name: string }) => name === "gone");
      assert.equal(item.error.code, code, line);
      assert.match(item.error.message, reason, line);
    }
  });
}

test("pkg outdated names what is not installed, and does not say that all is well", async (t) => {
  const home = await judgedHome(t);
  for (const line of ["outdated nosuch", "update --check nosuch", "update nosuch", "list --outdated nosuch"]) {
    const { code, stdout, stderr } = await home.pkg(line.split(" "));
    assert.equal(code, 1, line);
    assert.doesNotMatch(stdout + stderr, /everything is up to date/i, line);
    assert.match(stderr, /error: .*"nosuch": it is not installed/, line);
  }
});

test("pkg outdated and update --check see a moved tag as update does", async (t) => {
  const home = await judgedHome(t);
  const [one, two] = ["1.0.0", "1.1.0"].map((version) => home.build({ name: "direct", version }));
  assert.ok(one !== undefined && two !== undefined);
  await home.push(one, two);
  const at = (tag: string) => `${home.registryHost}/${one.repository}:${tag}`;
  await home.pkg(["oci", "tag", at(one.tag), "stable"]);
  assert.equal((await home.pkg(["install", at("stable")])).code, 0);
  const lines = ["outdated", "update --check", "list --outdated"];
  for (const line of lines) assert.match((await home.pkg(line.split(" "))).stderr, /^Everything is up to date$/m, line);
  await home.pkg(["oci", "tag", at(two.tag), "stable"]);
  for (const line of lines) {
    const { code, document } = await home.json(...line.split(" "));
    const packages = [{ state: "outdated", name: "direct", repository: null }];
    assert.partialDeepStrictEqual([code, document], [0, { packages }], line);
  }
  const offline = await home.json("update", "direct", "--offline");
  assert.partialDeepStrictEqual(offline, {
    code: 1,
    document: { packages: [{ action: "keep", error: { code: "OFFLINE" } }] },
  });
  assert.match((await home.pkg(["update"])).stdout, /^[+~] direct/m);
});

test("pkg update says of a reference whose tag was deleted that it cannot tell, and updates the rest", async (t) => {
  const home = await judgedHome(t);
  const [direct, next] = [
    home.build({ name: "direct", version: "1.0.0" }),
    home.build({ name: "kept", version: "2.0.0" }),
  ];
  await home.push(direct, next);
  home.publishIndex(next, home.build({ name: "gone", version: "1.0.0" }));
  const at = (tag: string) => `${home.registryHost}/${direct.repository}:${tag}`;
  await home.pkg(["oci", "tag", at(direct.tag), "stable"]);
  assert.equal((await home.pkg(["install", at("stable")])).code, 0);
  assert.equal((await home.pkg(["oci", "manifest", "delete", at("stable"), "--yes"])).code, 0);
  const error = { code: "PACKAGE_NOT_FOUND", message: /"[^"]*:stable" is not there any more/ };
  for (const [line, exit] of [
    ["outdated", 0],
    ["update --check", 0],
    ["outdated direct", 1],
    ["update direct", 1],
    ["update", 0],
  ] as const) {
    const { code, document } = await home.json(...line.split(" "));
    const { packages } = document as {
      packages: readonly { name: string; error?: { code: string; message: string } }[];
    };
    const item = packages.find(({ name }) => name === "direct");
    assert.equal(code, exit, line);
    assert.equal(item?.error?.code, error.code, line);
    assert.match(item?.error?.message ?? "", error.message, line);
  }
  assert.match((await home.pkg(["list"])).stdout, /^kept +2\.0\.0/m);
});

test("pkg update takes what a newer index names where the registry no longer has what the first one names", async (t) => {
  const home = await judgedHome(t);
  const next = home.build({ name: "kept", version: "2.0.0" });
  home.publishIndex(next);
  const { code, stderr } = await home.pkg(["update", "kept"]);
  assert.equal(code, 1);
  assert.match(stderr, /404.*; the index of tools names it all the same/);
});

test("pkg install and info say of what is installed that its repository is disabled", async (t) => {
  const home = await judgedHome(t);
  await home.pkg(["repo", "disable", "tools"]);
  for (const word of ["gone", "GONE", "gone@1.0.0"]) {
    const { code, document } = await home.json("install", word);
    const packages = [{ action: "fail", name: word, error: { code: "REPOSITORY_DISABLED" } }];
    assert.partialDeepStrictEqual([code, document], [1, { packages }], word);
  }
  assert.match((await home.pkg(["install", "nosuch"])).stderr, /no repository is enabled/);
  const shown = await home.pkg(["info", "gone"]);
  assert.equal(shown.code, 0);
  assert.match(shown.stderr, /Nothing updates "gone": its repository "tools" is disabled; `pkg repo enable tools`/);
});
