import assert from "node:assert/strict";
import { test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import { inWordsOf } from "../../src/resolve/in-words-of.ts";

test("inWordsOf() says of each error what the command cannot do, with code and hint, and the same of the same", () => {
  const { error } = inWordsOf("lock");
  const message = 'Cannot install "a": "b", which it needs, failed. Cannot install "b": it is odd';
  const found = new PkgError("PACKAGE_UNINSTALLABLE", message, { hint: "Wait" });
  const said = error(found);
  assert.equal(said.message, 'Cannot lock "a": "b", which it needs, failed. Cannot lock "b": it is odd');
  assert.deepEqual([said.code, said.hint, said.cause], [found.code, "Wait", found]);
  assert.equal(error(found), said);
  const other = new PkgError("LOCKED", "Cannot read it");
  assert.equal(error(other), other);
});
