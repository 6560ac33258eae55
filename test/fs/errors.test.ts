import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import { fileSystemError } from "../../src/fs/errors.ts";

test("fileSystemError() has words for every error of the system, also for those that libuv does not name", () => {
  for (const [name, number] of Object.entries(constants.errno)) {
    for (const code of [name, `Unknown system error -${number}`]) {
      const cause = Object.assign(new Error("from the system"), { code, errno: -number });
      const error = fileSystemError(cause, 'write "/a"');
      assert(error instanceof PkgError, name);
      assert.match(error.message, /^Cannot write "\/a": .+ \(E[A-Z0-9]+\)$/);
    }
  }
});

const HINTED = [
  ["ESTALE", /mount the file system anew/],
  ["EDQUOT", /quota/],
  ["EPERM", /exFAT.*--home/],
  ["EROFS", /--home/],
  ["EMFILE", /ulimit -n/],
  ["ENAMETOOLONG", /shorter/],
  ["EXDEV", /one file system/],
  ["ETXTBSY", /end it/],
] as const;

test("fileSystemError() says what to do", () => {
  for (const [code, hint] of HINTED) {
    const error = fileSystemError(Object.assign(new Error("x"), { code }), 'write "/a"');
    assert(error instanceof PkgError);
    assert.match(error.hint ?? "", hint);
  }
});

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
  assert.deepEqual(
    [error.code, error.message],
    ["FILE_SYSTEM", 'Cannot remove "/a": the system refused it (EUNKNOWN)'],
  );
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
