import assert from "node:assert/strict";
import { test } from "node:test";
import { type ConfigEdit, editRepositories } from "../../src/config/edit.ts";

const COMMENTED = `# mine
concurrency = 4 # enough

[repositories.tools] # added by hand
url = "https://example.org/a.json"
# about the next one
[repositories.other]
url = "https://example.org/b.json"
`;

const CASES: readonly {
  readonly name: string;
  readonly before: string;
  readonly edit: ConfigEdit;
  readonly after: string;
}[] = [
  {
    name: "adds a table to an empty file",
    before: "",
    edit: { kind: "set", name: "tools", values: { url: "https://example.org/a.json", keys: ["RWQ"] } },
    after: '[repositories.tools]\nurl = "https://example.org/a.json"\nkeys = ["RWQ"]\n',
  },
  {
    name: "adds a number",
    before: "",
    edit: { kind: "set", name: "tools", values: { url: "oci://example.org/a", threshold: 2 } },
    after: '[repositories.tools]\nurl = "oci://example.org/a"\nthreshold = 2\n',
  },
  {
    name: "adds a table behind a line without an end",
    before: "concurrency = 4",
    edit: { kind: "set", name: "tools", values: { enabled: false } },
    after: "concurrency = 4\n\n[repositories.tools]\nenabled = false\n",
  },
  {
    name: "adds a key to a table and keeps every comment",
    before: COMMENTED,
    edit: { kind: "set", name: "tools", values: { enabled: false } },
    after: COMMENTED.replace("by hand\n", "by hand\nenabled = false\n"),
  },
  {
    name: "changes a key that is there",
    before: COMMENTED,
    edit: { kind: "set", name: "other", values: { url: "https://example.org/c.json" } },
    after: COMMENTED.replace("b.json", "c.json"),
  },
  {
    name: "removes a table and leaves the comment of the next one",
    before: COMMENTED,
    edit: { kind: "remove", name: "tools" },
    after:
      '# mine\nconcurrency = 4 # enough\n\n# about the next one\n[repositories.other]\nurl = "https://example.org/b.json"\n',
  },
  {
    name: "removes the last table",
    before: COMMENTED,
    edit: { kind: "remove", name: "other" },
    after: COMMENTED.slice(0, COMMENTED.indexOf("[repositories.other]")),
  },
];

for (const { name, before, edit, after } of CASES) {
  test(`editRepositories() ${name}`, () => assert.equal(editRepositories(before, edit), after));
}

const UNSAFE = [
  'repositories = { tools = { url = "https://example.org/a.json" } }\n',
  '[repositories]\ntools = { url = "https://example.org/a.json" }\n',
  'repositories.tools.url = "https://example.org/a.json"\n',
  'text = """\n[repositories.tools]\n"""\n[repositories.tools]\nurl = "https://example.org/a.json"\n',
];

for (const before of UNSAFE) {
  test(`editRepositories() refuses what it cannot change safely: ${JSON.stringify(before)}`, () => {
    assert.throws(() => editRepositories(before, { kind: "remove", name: "tools" }), { code: "CONFIG_INVALID" });
    assert.throws(() => editRepositories(before, { kind: "set", name: "tools", values: { enabled: false } }));
  });
}
