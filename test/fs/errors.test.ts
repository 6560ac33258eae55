import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import { fileSystemError } from "../../src/fs/errors.ts";

const CODES = [
  ["ENOSPC", "DISK_FULL"],
  ["EDQUOT", "DISK_FULL"],
  ["EACCES", "PERMISSION_DENIED"],
  ["EPERM", "PERMISSION_DENIED"],
  ["EROFS", "PERMISSION_DENIED"],
  ["EIO", "FILE_SYSTEM"],
  ["ENOTDIR", "FILE_SYSTEM"],
] as const;

test("fileSystemError() gives each system error its code", async (t) => {
  for (const [system, expected] of CODES) {
    await t.test(system, () => {
      const cause = Object.assign(new Error("from the system"), { code: system });
      const error = fileSystemError(cause, 'write "/a"');
      assert(error instanceof PkgError);
      assert.equal(error.code, expected);
      assert.equal(error.cause, cause);
      assert.match(error.message, new RegExp(`^Cannot write "/a": .+ \\(${system}\\)$`));
    });
  }
});

test("fileSystemError() recognises a system error whose code Node left empty", () => {
  const cause = Object.assign(new Error(", Unknown error"), { code: "", errno: -4094, syscall: "rm" });
  const error = fileSystemError(cause, 'remove "/a"');
  assert(error instanceof PkgError);
  assert.deepEqual([error.code, error.message], ["FILE_SYSTEM", 'Cannot remove "/a": unknown error (UNKNOWN)']);
});

test("fileSystemError() says what the system means by a real error", () => {
  assert.throws(
    () => {
      try {
        readFileSync("/nowhere/at/all");
      } catch (error) {
        throw fileSystemError(error, 'read "/nowhere/at/all"');
      }
    },
    { code: "FILE_SYSTEM", message: 'Cannot read "/nowhere/at/all": no such file or directory (ENOENT)' },
  );
});

test("fileSystemError() passes on what is not a system error", () => {
  const known = new PkgError("LOCKED", "Cannot wait");
  const bug = new TypeError("not a function");
  const argument = Object.assign(new Error("bad argument"), { code: "ERR_INVALID_ARG_TYPE" });
  for (const error of [known, bug, argument]) assert.equal(fileSystemError(error, "write"), error);
});
