import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isPrivateGroup } from "../../src/fs/private-group.ts";
import { tempDirectory } from "../support/temp-home.ts";

const GROUPS = `root:x:0:
ann:x:1007:
bea:x:1002:
cid:x:1003:ann
team:x:1004:
dan:x:1005:dan
eva:x:1006:
broken
`;
const USERS = `root:x:0:0::/root:/bin/sh
ann:x:1001:1007::/home/ann:/bin/sh
bea:x:1002:1002::/home/bea:/bin/sh
cid:x:1003:1003::/home/cid:/bin/sh
dan:x:1009:1005::/home/dan:/bin/sh
eva:x:1006:1006::/home/eva:/bin/sh
guest:x:1010:1006::/home/guest:/bin/sh
`;

test("isPrivateGroup() knows the group that a user has alone, also under another number", (t) => {
  const directory = tempDirectory(t);
  const files = { group: join(directory, "group"), passwd: join(directory, "passwd") };
  writeFileSync(files.group, GROUPS);
  writeFileSync(files.passwd, USERS);
  for (const [gid, name, id, expected, why] of [
    [1007, "ann", 1001, true, "its name"],
    [1002, "bea", 1002, true, "its name and number"],
    [1003, "cid", 1003, false, "it has another member"],
    [1004, "ann", 1001, false, "it has another name"],
    [1005, "dan", 1009, true, "its only member is the user"],
    [1006, "eva", 1006, false, "it is another user's first group"],
    [1042, null, 1042, true, "no file lists it: a container without accounts"],
    [1042, null, 1043, false, "no file lists it, and its number is another"],
    [0, "root", 0, true, "root's"],
  ] as const) {
    assert.equal(isPrivateGroup(gid, { name, id }, files), expected, `${gid} ${name}: ${why}`);
  }
  const missing = { group: join(directory, "none"), passwd: join(directory, "none") };
  assert.equal(isPrivateGroup(1007, { name: "ann", id: 1001 }, missing), false);
});
