import assert from "node:assert/strict";
import { test } from "node:test";
import { publicKeyFile, secretKeyOf } from "../../src/sign/secret-key.ts";

test("publicKeyFile() writes the id as minisign does, without leading zeros", () => {
  const cases = [
    ["c11ede76e787c902", "2C987E776DE1EC1"],
    ["c11ede76e787c900", "C987E776DE1EC1"],
    ["c11ede76e787c9a2", "A2C987E776DE1EC1"],
    ["0000000000000000", "0"],
  ] as const;
  for (const [id, shown] of cases) {
    const [comment] = publicKeyFile(secretKeyOf(Buffer.from(id, "hex"), Buffer.alloc(32, 1))).split("\n");
    assert.equal(comment, `untrusted comment: minisign public key ${shown}`);
  }
});
