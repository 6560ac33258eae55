import assert from "node:assert/strict";
import { test } from "node:test";
import { askingUntilNo, choiceRows, choosingWith } from "../../src/commands/asker.ts";
import type { Choice } from "../../src/package/ambiguous.ts";
import { makeEntry } from "../support/entries.ts";

test("askingUntilNo() asks nothing more after a no", async () => {
  for (const no of ["confirm", "choose"] as const) {
    const asked: string[] = [];
    const asking = askingUntilNo({
      confirm: async (question) => asked.push(question) > 0 && no !== "confirm",
      choose: async (question) => (asked.push(question) > 0 && no === "choose" ? null : 0),
    });
    await (no === "confirm" ? asking.choose("first", []) : asking.confirm("first", false));
    assert.ok(!(await (no === "confirm" ? asking.confirm("second", false) : asking.choose("second", []))));
    assert.equal(await asking.confirm("third", true), false);
    assert.equal(await asking.choose("fourth", [["x"]]), null);
    assert.deepEqual(asked, ["first", "second"]);
  }
});

const CHOICES: readonly Choice[] = [
  {
    typed: "dup#me.dup",
    package: {
      repository: "main",
      entry: makeEntry({ name: "dup", version: "1.0", sizeBytes: 30_000, description: "One" }),
    },
  },
  {
    typed: "dup#you.dup:other",
    package: {
      repository: "other",
      entry: makeEntry({ name: "dup", version: "2.10", sizeBytes: null, description: "x".repeat(50) }),
    },
  },
];

test("choiceRows() tells candidates apart by what to type, version, repository, size and description", () => {
  assert.deepEqual(choiceRows(CHOICES), [
    [" 1  dup#me.dup", "1.0", "main", "30.0 kB", "One"],
    [" 2  dup#you.dup:other", "2.10", "", "", "x".repeat(50)],
  ]);
});

test("choosingWith() gives what was chosen, and with --yes asks nobody", async () => {
  const asking = { confirm: async () => true, choose: async () => 1 };
  assert.equal(await choosingWith({ yes: false }, asking)("dup", CHOICES), CHOICES[1]);
  assert.equal(await choosingWith({ yes: true }, asking)("dup", CHOICES), null);
});
