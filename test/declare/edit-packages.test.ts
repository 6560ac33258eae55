import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { editPackages, type PackagesEdit } from "../../src/declare/edit-packages.ts";
import type { WrittenPackage } from "../../src/declare/write-packages.ts";

const set = (item: WrittenPackage): PackagesEdit => ({ kind: "set", package: item });
const remove = (name: string): PackagesEdit => ({ kind: "remove", name });
const JQ = { name: "jq", version: "^1" };

const FILE = `# mine
[packages] # all of them
b = "1" # why "b"
# about a
a = { version = "2", platforms = ["linux/amd64"] }

# about the others
[repositories.tools]
url = "https://example.org/i.json"
`;

const CASES: readonly (readonly [name: string, before: string, edit: PackagesEdit, after: string])[] = [
  ["writes a first file", "", set(JQ), '[packages]\njq = "^1"\n'],
  [
    "adds the table",
    "platforms = ['linux/amd64']\n",
    set(JQ),
    "platforms = ['linux/amd64']\n\n[packages]\njq = \"^1\"\n",
  ],
  [
    "adds at the end of the table",
    FILE,
    set(JQ),
    FILE.replace("]  }", "").replace('amd64"] }\n', 'amd64"] }\njq = "^1"\n'),
  ],
  ["keeps the comment of a line", FILE, set({ name: "b", version: null }), FILE.replace('"1" #', '"*" #')],
  [
    "keeps what a table says besides",
    FILE,
    set({ name: "a", version: "3" }),
    FILE.replace('"2"', '"3"').replace(
      '{ version = "3", platforms = ["linux/amd64"] }',
      '{ platforms = ["linux/amd64"], version = "3" }',
    ),
  ],
  ["changes nothing where it is so already", FILE, set({ name: "b", version: "1" }), FILE],
  ["removes a line", FILE, remove("b"), FILE.replace('b = "1" # why "b"\n', "")],
  ["removes nothing that is not there", FILE, remove("x"), FILE],
  [
    "removes a table of its own",
    '[packages]\nb = "1"\n[packages.a]\nversion = "2"\n',
    remove("a"),
    '[packages]\nb = "1"\n',
  ],
  ["quotes a name", "[packages]\n", set({ name: "openssl@3", version: null }), '[packages]\n"openssl@3" = "*"\n'],
];

describe("editPackages()", () => {
  for (const [name, before, edit, after] of CASES) {
    it(name, () => assert.equal(editPackages({ path: "/p/packages.toml", text: before }, edit), after));
  }

  it("refuses what it cannot change safely", () => {
    const text = 'packages = { a = "1" }\n';
    assert.throws(() => editPackages({ path: "/p", text }, remove("a")), /is not written on a line of its own/);
  });
});
