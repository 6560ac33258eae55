import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readPackagesFile } from "../../src/declare/packages-file.ts";
import { PkgError } from "../../src/errors.ts";

const read = (text: string) => readPackagesFile({ path: "/p/packages.toml", text });

function errorOf(text: string): PkgError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof PkgError) return error;
    throw error;
  }
  return assert.fail("nothing was refused");
}

/** What is written below `[packages]`, and the word that `install` takes for it. */
const SPECS: readonly (readonly [written: string, spec: string])[] = [
  ['jq = "*"', "jq"],
  ['jq = "latest"', "jq"],
  ['jq = "1.2"', "jq@1.2"],
  ['jq = "^1.7"', "jq@^1.7"],
  ['"openssl@3" = "*"', "openssl@3"],
  ['"openssl@3" = "3.4"', "openssl@3@3.4"],
  ['jq = { version = "1", repo = "tools", pkg_id = "jq.x" }', "jq#jq.x@1:tools"],
  ['jq = { repository = "tools", id = "jq.x", family = "json" }', "json/jq#jq.x:tools"],
  ["jq = {}", "jq"],
  ['new = { package = "jq", version = "1" }', "jq@1"],
  ['"ghcr.io/me/trurl" = "8.14.1"', "ghcr.io/me/trurl:8.14.1"],
  ['"ghcr.io/me/trurl" = "*"', "ghcr.io/me/trurl"],
  ['trurl = { reference = "ghcr.io/me/trurl:8" }', "ghcr.io/me/trurl:8"],
];

const REFUSED: readonly (readonly [text: string, message: RegExp])[] = [
  ['[packages]\njq = { verison = "1" }', /"\/p\/packages.toml", line 2: key "verison" is unknown in \[packages.jq\]/],
  ["[packages]\na = '1'\njq = 7", /line 3: packages.jq must be text in quotes or a table, found 7/],
  ["[packages]\njq = '1", /"\/p\/packages.toml", line 2, column/],
  ["[repositories.x]\nkey = 'y'", /has no key "url"|key "key" is unknown/],
  ["[packages]\njq = { reference = 'ghcr.io/a/b', version = '1' }", /"reference" and a "version"/],
  ["[packages]\njq = { key = 'RWx' }", /"key" is for references/],
  ["[packages]\njq = { reference = 'ghcr.io/a/b', repo = 'x' }", /a reference has no "repo"/],
  ["[packages]\njq = { repository = 'a', repo = 'b' }", /"repository" is "a" and "repo" is "b"/],
  ["[packages]\njq = { platforms = ['windows/amd64'] }", /Cannot use platform "windows\/amd64"/],
  ["platforms = ['vax-linux']", /Cannot use platform "vax-linux"/],
  ["[packages]\n'../jq' = '1'", /Cannot use/],
  ["[packages]\n'' = '1'", /""|empty|cannot be the name/],
];

describe("readPackagesFile()", () => {
  for (const [written, spec] of SPECS) {
    it(`reads ${written}`, () => assert.equal(read(`[packages]\n${written}\n`).packages[0]?.spec, spec));
  }

  for (const [text, message] of REFUSED) {
    it(`refuses ${JSON.stringify(text)}, and says where`, () => {
      const error = errorOf(text);
      assert.match(error.message, message);
      assert.match(`${error.message} ${error.hint}`, /\/p\/packages\.toml/);
    });
  }

  it("says in a hint where the keys are explained", () => {
    assert.equal(errorOf("[packages]\njq = 7").hint, "The page docs/project-tools.md has every key");
  });

  it("says what of soar it does not read, and which packages cannot be had", () => {
    const text = '[packages]\na = { hooks = { post_install = "rm" }, portable = {} }\nb = { github = "x/y" }\n';
    const { notRead, packages } = read(text);
    assert.deepEqual(notRead, [
      { line: 2, text: "a", why: "hooks, portable of soar are not read; hooks are never run" },
    ]);
    assert.deepEqual(
      packages.map(({ name, line, refusal }) => [name, line, refusal !== null]),
      [
        ["a", 2, false],
        ["b", 3, true],
      ],
    );
  });

  it("reads profile, platforms and repositories, and the order stays", () => {
    const text = `platforms = ["linux/arm64", "x86_64-linux"]
[defaults]
profile = "work"
[repositories.tools]
url = "oci://ghcr.io/me/index"
[packages]
b = "1"
a = { platforms = ["linux/amd64"], profile = "home", pinned = true }
[packages.uv]
reference = "ghcr.io/astral-sh/uv"
programs = ["uv"]
`;
    const file = read(text);
    assert.deepEqual([file.profile, file.hosts], ["work", ["aarch64-linux", "x86_64-linux"]]);
    assert.deepEqual([...file.repositories], [["tools", "oci://ghcr.io/me/index"]]);
    const [b, a, uv] = file.packages;
    assert.deepEqual([b?.name, a?.name, uv?.name, uv?.line], ["b", "a", "uv", 9]);
    assert.deepEqual([a?.hosts, a?.profile, a?.isPinned], [["x86_64-linux"], "home", true]);
    assert.deepEqual(uv?.image, { programs: ["uv"], withLibraries: false });
  });
});
