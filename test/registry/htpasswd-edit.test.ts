import assert from "node:assert/strict";
import { test } from "node:test";
import { compareSync } from "bcryptjs";
import { checkUserName, editHtpasswd, hashPassword } from "../../src/registry/htpasswd-edit.ts";

const HASH = `$2b$10$${"a".repeat(53)}`;
const OTHER = `$2b$10$${"b".repeat(53)}`;
const TEXT = `# admins\n\nalice:${HASH}\nbob:${HASH}\n`;

test("editHtpasswd() changes the line of one user, and keeps all others as they are", () => {
  const edit = (text: string, user: string, hash: string | null) => editHtpasswd(text, { user, hash }, "users");
  assert.deepEqual(edit("", "alice", HASH), { text: `alice:${HASH}\n`, how: "added" });
  assert.deepEqual(edit(TEXT, "carol", OTHER), { text: `${TEXT}carol:${OTHER}\n`, how: "added" });
  assert.deepEqual(edit(TEXT.trimEnd(), "bob", OTHER), {
    text: `# admins\n\nalice:${HASH}\nbob:${OTHER}\n`,
    how: "changed",
  });
  assert.deepEqual(edit(TEXT, "alice", null), { text: `# admins\n\nbob:${HASH}\n`, how: "removed" });
});

test("editHtpasswd() names the users there are when one to remove is not among them, and refuses a broken file", () => {
  assert.throws(() => editHtpasswd(TEXT, { user: "Alice", hash: null }, "users"), {
    code: "USAGE",
    message: 'Cannot remove user "Alice": "users" has "alice", "bob"',
  });
  assert.throws(() => editHtpasswd("nonsense\n", { user: "a", hash: HASH }, "users"), { code: "CONFIG_INVALID" });
});

test("editHtpasswd() mends the line of a user that no registry could use, one after the other, and touches no other kind of file", () => {
  const apache = "bob:$apr1$salt$hash\r\nal:{SHA}hash\r\n";
  const edit = (text: string, user: string) => editHtpasswd(text, { user, hash: HASH }, "users").text;
  assert.equal(edit(apache, "bob"), `bob:${HASH}\r\nal:{SHA}hash\r\n`);
  assert.equal(edit(edit(apache, "bob"), "al"), `bob:${HASH}\r\nal:${HASH}\r\n`);
  assert.throws(() => edit(apache, "carol"), {
    message: /line 1 has a hash that is not bcrypt/,
    hint: /pkg registry passwd bob --htpasswd users$/,
  });
  assert.equal(edit(`bob:${OTHER}\n# x\nbob:${OTHER}\n`, "bob"), `bob:${HASH}\n# x\n`);
  assert.throws(() => edit("root:x:0:0:root:/root:/bin/sh\n", "root"), { message: /line 1 is not "user:hash"/ });
});

test("hashPassword() takes what bcrypt takes into account, and nothing longer", async () => {
  assert.ok(compareSync("p:w ü", await hashPassword("p:w ü")));
  for (const password of ["", "x".repeat(73), "a\0b"]) await assert.rejects(hashPassword(password), { code: "USAGE" });
});

test("checkUserName() refuses what a line or a request cannot hold", () => {
  for (const user of ["alice", "a", "jörg", "a b", "alice@example.org"]) checkUserName(user);
  for (const user of ["", "a:b", " a", "a ", "#a", "a\nb", "a\u202eb", "x".repeat(256)]) {
    assert.throws(() => checkUserName(user), { code: "USAGE" }, user);
  }
});
