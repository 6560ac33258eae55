import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { readFormulaIndex } from "../../../src/index/homebrew/document.ts";
import type { Formula } from "../../../src/index/homebrew/formula.ts";
import { isFormulaName, repositoryOf, tagOf } from "../../../src/index/homebrew/names.ts";

const SHA = "a".repeat(64);
const TAG = "x86_64_linux";
const HEAD = "0123456789abcdef0123456789abcdef01234567";

/** A formula of which nothing is known but its version. */
const BARE: Formula = {
  name: "tool",
  description: "",
  homepage: null,
  license: null,
  version: "1.0",
  versionScheme: 0,
  bottle: null,
  dependencies: [],
  executables: [],
  aliases: [],
  oldNames: [],
  kegOnly: null,
  conflicts: [],
  deprecated: null,
  disabled: null,
  caveats: null,
  postInstall: { kind: "none" },
  hasService: false,
  needsBuildPrefix: false,
};

/** The formula `tool`, which the internal index describes so. */
function internal(fields: object): Formula | undefined {
  const payload = { formulae: { tool: { stable_version: "1.0", ...fields } } };
  return readFormulaIndex(JSON.stringify(payload), TAG).formulae[0];
}

/** The formula `tool`, which the public index describes so. */
function published(fields: object): Formula | undefined {
  return readFormulaIndex(JSON.stringify([{ name: "tool", versions: { stable: "1.0" }, ...fields }]), TAG).formulae[0];
}

type Case = readonly [fields: object, expected: Partial<Formula>];

suite("readFormulaIndex() reads of the internal form", () => {
  const cases: readonly Case[] = [
    [{}, {}],
    [
      { revision: 2, version_scheme: 1 },
      { version: "1.0_2", versionScheme: 1 },
    ],
    [
      { desc: "\\:colon", homepage: "https://x.test" },
      { description: ":colon", homepage: "https://x.test" },
    ],
    [{ bottle_checksum: SHA }, { bottle: { sha256: SHA, tag: TAG, rebuild: 0, cellar: "any_skip_relocation" } }],
    [
      { bottle_checksum: SHA, bottle_cellar: ":any", bottle_tag: ":all", bottle_rebuild: 3 },
      { bottle: { sha256: SHA, tag: "all", rebuild: 3, cellar: "any" } },
    ],
    [
      { bottle_checksum: SHA, bottle_cellar: "/home/linuxbrew/.linuxbrew/Cellar" },
      { bottle: { sha256: SHA, tag: TAG, rebuild: 0, cellar: "/home/linuxbrew/.linuxbrew/Cellar" } },
    ],
    [
      {
        stable_dependencies: [
          "a",
          { b: ":build" },
          { c: [":build", ":test"] },
          { d: ":recommended" },
          { e: ":optional" },
        ],
        stable_uses_from_macos: [
          "zlib",
          { bison: ":build" },
          ["curl", { ":since": ":big_sur" }],
          [{ m4: ":build" }, {}],
        ],
      },
      { dependencies: ["a", "d", "zlib", "curl"] },
    ],
    [
      { stable_dependencies: [":linux", { ":arch": ":x86_64" }, { ":macos": ":sonoma" }, "a", "a", "tool"] },
      { dependencies: ["a"] },
    ],
    [{ license: "MIT" }, { license: "MIT" }],
    [{ license: { any_of: ["MIT", { all_of: ["Zlib", "ISC"] }] } }, { license: "MIT OR (Zlib AND ISC)" }],
    [
      { license: { ":any_of": ["MIT", { "GPL-2.0-only": { ":with": "Classpath-exception-2.0" } }] } },
      { license: "MIT OR GPL-2.0-only WITH Classpath-exception-2.0" },
    ],
    [{ license: ":public_domain" }, { license: "LicenseRef-Public-Domain" }],
    [{ license: ":cannot_represent" }, { license: null }],
    [{ executables: ["tool", "tool-2"] }, { executables: ["tool", "tool-2"] }],
    [
      { aliases: ["t"], oldnames: ["older", "../x"] },
      { aliases: ["t"], oldNames: ["older"] },
    ],
    [
      { keg_only_args: [":versioned_formula"] },
      { kegOnly: "it is an older version, which would hide the current one" },
    ],
    [{ keg_only_args: [":shadowed_by_macos", "because"] }, {}],
    [{ keg_only_args: [":provided_by_macos"] }, {}],
    [{ keg_only_args: ["it conflicts with that"] }, { kegOnly: "it conflicts with that" }],
    [{ conflicts: ["other", { ":because": "both" }] }, { conflicts: [{ name: "other", because: "both" }] }],
    [
      { conflicts: [["a", { ":because": "x" }], ["b"]] },
      {
        conflicts: [
          { name: "a", because: "x" },
          { name: "b", because: null },
        ],
      },
    ],
    [
      { deprecate_args: { ":date": "2025-01-31", ":because": ":unmaintained" } },
      { deprecated: { date: "2025-01-31", because: "unmaintained" } },
    ],
    [
      { disable_args: { ":date": "soon", ":because": "it is gone" } },
      { disabled: { date: null, because: "it is gone" } },
    ],
    [{ caveats: "Read this." }, { caveats: "Read this." }],
    [{ post_install_defined: true }, { postInstall: { kind: "code" } }],
    [
      { post_install_defined: true, post_install_steps: [["mkdir"]] },
      { postInstall: { kind: "steps", steps: [["mkdir"]] } },
    ],
    [
      {
        post_install_defined: true,
        post_install_steps: [{ ":type": ":write", content: "\\:x", path: { base: "etc" } }],
      },
      { postInstall: { kind: "steps", steps: [{ type: "write", content: ":x", path: { base: "etc" } }] } },
    ],
    [{ service_run: ["x"] }, { hasService: true }],
    [{ pour_bottle_args: { ":only_if": ":default_prefix" } }, { needsBuildPrefix: true }],
  ];
  for (const [fields, expected] of cases) {
    test(JSON.stringify(fields), () => assert.deepEqual(internal(fields), { ...BARE, ...expected }));
  }

  test("names from the document, and its commit", () => {
    const payload = {
      formulae: { tool: { stable_version: "1.0", aliases: ["t"] }, app: { stable_version: "2" } },
      formula_aliases: { t: "tool", "tool@1": "tool", "a/b": "tool" },
      formula_renames: { hammer: "tool", lost: "nothing" },
      formula_tap_git_head: HEAD,
      casks: { ignored: {} },
    };
    const { formulae, skipped, head } = readFormulaIndex(JSON.stringify(payload), TAG);
    assert.deepEqual(formulae, [
      { ...BARE, name: "app", version: "2" },
      { ...BARE, aliases: ["t", "tool@1"], oldNames: ["hammer"] },
    ]);
    assert.deepEqual([skipped, head], [[], HEAD]);
  });
});

suite("readFormulaIndex() reads of the public form", () => {
  const file = (cellar: string) => ({ cellar, url: "https://ghcr.io/v2/x", sha256: SHA });
  const cases: readonly Case[] = [
    [{}, {}],
    [
      { revision: 1, desc: "A tool", license: "MIT", homepage: "https://x.test" },
      { version: "1.0_1", description: "A tool", license: "MIT", homepage: "https://x.test" },
    ],
    [
      { bottle: { stable: { rebuild: 1, files: { [TAG]: file(":any"), arm64_linux: file("x") } } } },
      { bottle: { sha256: SHA, tag: TAG, rebuild: 1, cellar: "any" } },
    ],
    [
      { bottle: { stable: { files: { all: file(":any_skip_relocation") } } } },
      { bottle: { sha256: SHA, tag: "all", rebuild: 0, cellar: "any_skip_relocation" } },
    ],
    [{ bottle: { stable: { files: { arm64_linux: file(":any") } } } }, {}],
    [
      {
        dependencies: ["a"],
        recommended_dependencies: ["b"],
        build_dependencies: ["c"],
        uses_from_macos: ["z", { m: "build" }, { n: ["test"] }, { k: "since" }],
      },
      { dependencies: ["a", "b", "z", "k"] },
    ],
    [
      {
        dependencies: ["a"],
        variations: { [TAG]: { dependencies: ["a", "linux-only"] }, arm64_linux: { dependencies: [] } },
      },
      { dependencies: ["a", "linux-only"] },
    ],
    [
      { keg_only_reason: { reason: ":versioned_formula", explanation: "" } },
      { kegOnly: "it is an older version, which would hide the current one" },
    ],
    [{ keg_only_reason: { reason: ":provided_by_macos", explanation: "x" } }, {}],
    [{ keg_only_reason: { reason: "it is odd", explanation: "" } }, { kegOnly: "it is odd" }],
    [
      { conflicts_with: ["a", "b"], conflicts_with_reasons: ["x", null] },
      {
        conflicts: [
          { name: "a", because: "x" },
          { name: "b", because: null },
        ],
      },
    ],
    [
      { deprecated: true, deprecation_date: "2025-01-31", deprecation_reason: "old", disabled: false },
      { deprecated: { date: "2025-01-31", because: "old" } },
    ],
    [
      { service: { run: [] }, post_install_defined: true },
      { hasService: true, postInstall: { kind: "code" } },
    ],
  ];
  for (const [fields, expected] of cases) {
    test(JSON.stringify(fields), () => assert.deepEqual(published(fields), { ...BARE, ...expected }));
  }
});

suite("readFormulaIndex() skips a formula, and reads the others,", () => {
  const bad: readonly (readonly [name: string, value: unknown, reason: RegExp])[] = [
    ["../evil", { stable_version: "1" }, /^"\.\.\/evil": its name is not a formula's$/],
    ["a\u0000b", { stable_version: "1" }, /its name is not a formula's$/],
    ["a..b", { stable_version: "1" }, /its name is not a formula's$/],
    ["none", {}, /^"none": it has no stable_version$/],
    ["list", [], /^"list": it is not an object$/],
    ["slash", { stable_version: "1/2" }, /its version is "1\/2", which is no directory's name$/],
    ["dots", { stable_version: ".." }, /its version is "\.\."/],
    ["sum", { stable_version: "1", bottle_checksum: "abc" }, /its bottle_checksum is not a SHA-256$/],
  ];
  for (const [name, value, reason] of bad) {
    test(`whose entry is ${JSON.stringify({ [name]: value })}`, () => {
      const payload = { formulae: { [name]: value, tool: { stable_version: "1.0" } } };
      const { formulae, skipped } = readFormulaIndex(JSON.stringify(payload), TAG);
      assert.deepEqual(formulae, [BARE]);
      assert.equal(skipped.length, 1);
      assert.match(skipped[0] ?? "", reason);
    });
  }

  test("that is there twice", () => {
    const one = { name: "tool", versions: { stable: "1.0" } };
    const { formulae, skipped } = readFormulaIndex(JSON.stringify([one, one, 7]), TAG);
    assert.deepEqual(formulae, [BARE]);
    assert.deepEqual(skipped, ['formula 2: "tool" is there twice', "formula 3: it is not an object"]);
  });
});

suite("readFormulaIndex() refuses", () => {
  const refused: readonly (readonly [payload: string, code: string])[] = [
    ["not JSON", "INDEX_INVALID"],
    ["7", "INDEX_INVALID"],
    ["{}", "INDEX_INVALID"],
    ['{"formulae":[]}', "INDEX_INVALID"],
    ['{"formulae":{"a":{},"a":{}}}', "INDEX_INVALID"],
    [`[${"0,".repeat(50_000)}0]`, "INDEX_TOO_LARGE"],
  ];
  for (const [payload, code] of refused) {
    test(payload.slice(0, 40), () =>
      assert.throws(() => readFormulaIndex(payload, TAG), { code, message: /^Cannot read the index: / }),
    );
  }
});

suite("names of formulae", () => {
  test("are repositories in the registry", () => {
    assert.deepEqual(["jq", "openssl@3", "gtk+3", "c++", "GMP"].map(repositoryOf), [
      "homebrew/core/jq",
      "homebrew/core/openssl/3",
      "homebrew/core/gtkx3",
      "homebrew/core/cxx",
      "homebrew/core/gmp",
    ]);
    assert.deepEqual([tagOf("1.7.1_2", 0), tagOf("1.7.1", 1)], ["1.7.1_2", "1.7.1-1"]);
  });

  test("cannot leave a directory", () => {
    for (const name of ["", ".", "..", "a/b", "-x", "@x", "a b", "a\n", "x".repeat(129)])
      assert.equal(isFormulaName(name), false, name);
  });
});
