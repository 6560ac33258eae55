import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256Digest } from "../../src/oci/digest.ts";
import type { Installation } from "../../src/package/installation.ts";
import { findAllInstalled, findInstalled, findUpdatable } from "../../src/resolve/find-installed.ts";
import { CANNOT_FIND_UPDATE, chooseInstallations, demandWanted } from "../../src/resolve/update-candidates.ts";

const MANIFEST = sha256Digest("b".repeat(64));

function installed(name: string, facts: Partial<Installation> = {}): Installation {
  return {
    name,
    version: "1.7",
    ...{ packageName: name, wish: null, isPinned: false, unlinked: [] },
    repository: "mine",
    owner: null,
    packageId: `example.${name}`,
    family: name,
    type: "static",
    reference: `registry.example/me/${name}:1.7-x86_64-linux`,
    manifestDigest: MANIFEST,
    programDigest: sha256Digest("a".repeat(64)),
    sizeBytes: 1,
    directory: name,
    files: [],
    links: [],
    checks: [],
    skipped: [],
    signedBy: null,
    provenance: null,
    publisherKey: null,
    taken: [],
    signedAs: null,
    ...{ dependencies: [], isDependency: false, keg: null, image: null },
    installedAt: "2025-01-01T00:00:00Z",
    requested: name,
    expected: { sha256: null, blake3: null, sizeBytes: null },
    evidence: { manifest: null, checksum: null, checksumSignature: null, entry: null, signatures: {} },
    ...facts,
  };
}

function direct(name: string, place: string, tag: string): Installation {
  const from = { packageId: place, reference: `${place}:${tag}`, requested: `${place}:${tag}` };
  return installed(name, { repository: null, family: "", version: tag, ...from });
}

const ALL: readonly Installation[] = [
  installed("jq"),
  installed("ripgrep", { requested: "ripgrep.static@^1.5" }),
  installed("dvc", { version: "HEAD-abc1234-250101T000000", requested: "dvc@3.59.1" }),
  installed("openssl@3", { version: "3.5.0" }),
  direct("tool", "localhost:5000/me/tool", "1.0.0"),
  direct("moving", "localhost:5000/me/moving", "latest"),
  installed("fixed", { repository: null, requested: `localhost:5000/me/fixed@${MANIFEST}` }),
  direct("layered", "oci:/srv/layout", "2.0"),
  direct("other", "oci:/srv/layout", "3.0"),
  direct("tarred", "oci-archive:/srv/tools.tar", "4.0"),
];

const LINK_OWNERS: Readonly<Record<string, string>> = {
  rg: "ripgrep",
  "@prefix/opt/tls": "openssl@3",
  "@prefix/opt/openssl@lts": "openssl@3",
};

const WORDS = {
  installations: {
    list: () => ALL,
    get: (name: string) => ALL.find((item) => item.name === name) ?? null,
    leftovers: () => [],
    linkOwner: (link: string) => LINK_OWNERS[link] ?? null,
  },
  directory: "/srv",
};

const MEANT: Readonly<Record<string, string>> = {
  jq: "jq",
  JQ: "jq",
  "jq@1.7": "jq",
  "jq@v1.7": "jq",
  "jq@1": "jq",
  "jq@^1.6": "jq",
  "jq@latest": "jq",
  "jq:mine": "jq",
  "jq/jq#example.jq@1.7:mine": "jq",
  rg: "ripgrep",
  "ripgrep.static": "ripgrep",
  "ripgrep@^1.5": "ripgrep",
  "openssl@3": "openssl@3",
  "OpenSSL@3": "openssl@3",
  "openssl@3@3.5": "openssl@3",
  tls: "openssl@3",
  "tls@3.5": "openssl@3",
  "openssl@lts": "openssl@3",
  "dvc@3.59.1": "dvc",
  "dvc@HEAD": "dvc",
  "localhost:5000/me/tool": "tool",
  "localhost:5000/me/tool:1.0.0": "tool",
  "localhost:5000/me/tool:1": "tool",
  "localhost:5000/me/tool:v1.0.0": "tool",
  "oci://localhost:5000/me/tool:1.0.0": "tool",
  [`localhost:5000/me/tool@${MANIFEST}`]: "tool",
  "registry.example/me/jq:1.7-x86_64-linux": "jq",
  "registry.example/me/jq": "jq",
  "oci:layout:2.0": "layered",
  "oci:/srv/layout:3.0": "other",
  "./layout:2.0": "layered",
  "./tools.tar": "tarred",
  "./tools.tar:4.0": "tarred",
};

for (const [word, name] of Object.entries(MEANT)) {
  test(`findInstalled() finds ${name} by ${word}`, () => assert.equal(findInstalled(WORDS, word).name, name));
}

const OTHER: Readonly<Record<string, RegExp>> = {
  "jq@1.6": /^Cannot find "jq@1\.6": version 1\.7 of "jq" is installed$/,
  "openssl@3@3.6": /version 3\.5\.0 of "openssl@3" is installed/,
  "jq@2": /version 1\.7 of "jq" is installed/,
  "jq@>=2": /version 1\.7 of "jq" is installed/,
  "jq:other": /"jq" 1\.7 is installed from "mine"/,
  "curl/jq": /the family of "jq" 1\.7, which is installed, is "jq"/,
  "jq#else": /the id of "jq" 1\.7, which is installed, is "example\.jq"/,
  "tool:mine": /"tool" 1\.0\.0 is installed from "localhost:5000\/me\/tool:1\.0\.0"/,
  "localhost:5000/me/tool:2.0.0": /what is installed from there is "tool" 1\.0\.0/,
  [`localhost:5000/me/tool@${sha256Digest("c".repeat(64))}`]: /what is installed from there is "tool" 1\.0\.0/,
  "localhost:5000/me/nosuch:1": /it is not installed/,
  "./nowhere": /it is not installed/,
  jk: /it is not installed/,
};

for (const [word, message] of Object.entries(OTHER)) {
  test(`findInstalled() says what is installed instead of ${word}`, () =>
    assert.throws(() => findInstalled(WORDS, word), { code: "NOT_INSTALLED", message }));
}

test("findInstalled() does not choose between several packages of one place", () => {
  assert.throws(() => findInstalled(WORDS, "oci:layout"), { code: "PACKAGE_AMBIGUOUS", message: /"layered", "other"/ });
});

test("findUpdatable() takes the version of a name as what is to be installed, and that of a place as it is", () => {
  assert.equal(findUpdatable(WORDS, "jq@2").name, "jq");
  assert.throws(() => findUpdatable(WORDS, "jq@2:other"), { code: "NOT_INSTALLED" });
  assert.throws(() => findUpdatable(WORDS, "localhost:5000/me/tool:2.0.0"), { code: "NOT_INSTALLED" });
  assert.throws(() => findUpdatable(WORDS, "tool@2.0.0"), { code: "NOT_INSTALLED" });
  assert.equal(findUpdatable(WORDS, "tool@latest").name, "tool");
  assert.equal(findUpdatable(WORDS, "moving@1.1").name, "moving");
  assert.throws(() => findUpdatable(WORDS, "fixed@1.1"), { code: "NOT_INSTALLED" });
});

test("chooseInstallations() and demandWanted() say what to install where a tag does not lead to the version", () => {
  const [missing] = chooseInstallations(WORDS, ["tool@2.0.0"]).missing;
  assert.equal(missing?.error.hint, "Run `pkg install localhost:5000/me/tool:2.0.0`");
  const chosen = chooseInstallations(WORDS, ["moving@1.1"]);
  const led = (version: string) => demandWanted(chosen, { name: "moving", version });
  assert.equal(led("1.1.0"), null);
  assert.equal(led("1.0.0")?.code, "VERSION_NOT_FOUND");
  assert.equal(led("1.0.0")?.hint, "Run `pkg install localhost:5000/me/moving:1.1`");
  assert.match(led("1.0.0")?.message ?? "", /^Cannot update "moving" to 1\.1: /);
  const looked = chooseInstallations(WORDS, ["moving@1.1", "nosuch"], CANNOT_FIND_UPDATE);
  assert.match(looked.missing[0]?.error.message ?? "", /^Cannot find an update of "nosuch": /);
  assert.match(
    demandWanted(looked, { name: "moving", version: "1.0.0" })?.message ?? "",
    /^Cannot find an update of "moving" to 1\.1: /,
  );
});

test("findAllInstalled() gives what two words mean once, and every word that means nothing", () => {
  const { found, missing } = findAllInstalled(WORDS, ["jq", "nosuch", "JQ@1.7", "a b"]);
  assert.deepEqual(
    found.map(({ word }) => word),
    ["jq"],
  );
  assert.deepEqual(
    missing.map(({ word, error }) => [word, error.code]),
    [
      ["nosuch", "NOT_INSTALLED"],
      ["a b", "SPEC_INVALID"],
    ],
  );
});

test("findInstalled() finds what lies beside another owner's package by the word with its repository", () => {
  const all = [direct("curl", "localhost:5000/me/curl", "1.0"), installed("curl:brew", { repository: "brew" })];
  const list = () => all;
  const words = { ...WORDS, installations: { ...WORDS.installations, list, get: () => null } };
  assert.equal(findInstalled(words, "curl:brew").name, "curl:brew");
  assert.equal(findInstalled(words, "curl").name, "curl");
  const alone = { ...words, installations: { ...words.installations, list: () => all.slice(1) } };
  assert.equal(findInstalled(alone, "curl").name, "curl:brew");
  assert.equal(findInstalled(alone, "curl@1.7:brew").name, "curl:brew");
});
