import assert from "node:assert/strict";
import { constants } from "node:os";
import { test } from "node:test";
import { foreignError } from "../../src/base/foreign-error.ts";
import { databaseWords } from "../../src/base/foreign-words.ts";

const CASES: readonly (readonly [facts: object, code: string, message: string])[] = [
  [
    { code: "EPERM", syscall: "utime", path: "/a" },
    "PERMISSION_DENIED",
    'Cannot set the time of "/a": operation not permitted (EPERM)',
  ],
  [
    { code: "EMFILE", syscall: "open", path: "/a" },
    "FILE_SYSTEM",
    'Cannot open "/a": too many open files in this process (EMFILE)',
  ],
  [
    { code: "EXDEV", syscall: "rename", path: "/a", dest: "/b" },
    "FILE_SYSTEM",
    'Cannot rename "/a" as "/b": cross-device link not permitted (EXDEV)',
  ],
  [{ code: "EACCES", syscall: "spawn less" }, "PERMISSION_DENIED", 'Cannot run "less": permission denied (EACCES)'],
  [
    { code: "Unknown system error -116", errno: -116, syscall: "read" },
    "FILE_SYSTEM",
    "Cannot read: the network file system no longer knows the file (ESTALE)",
  ],
  [
    { code: "SQLITE_IOERR_SHMMAP" },
    "FILE_SYSTEM",
    "Cannot use a database: the file cannot be read or written (SQLITE_IOERR_SHMMAP)",
  ],
  [{ code: "SQLITE_BUSY" }, "LOCKED", "Cannot use a database: another process keeps it locked (SQLITE_BUSY)"],
  [
    { code: "ENOTFOUND", syscall: "getaddrinfo", hostname: "a.example" },
    "NETWORK_FAILED",
    'Cannot reach "a.example": the name "a.example" is not known (ENOTFOUND)',
  ],
  [{ code: "ERR_DLOPEN_FAILED" }, "FILE_SYSTEM", "Cannot go on: a library of its own cannot be loaded (of a library)"],
  [{ code: "Z_DATA_ERROR", errno: -3 }, "ARCHIVE_INVALID", "Cannot decompress the data: it is damaged (Z_DATA_ERROR)"],
  [
    { code: "ZSTD_error_corruption_detected" },
    "ARCHIVE_INVALID",
    "Cannot decompress the data: it is damaged (ZSTD_error_corruption_detected)",
  ],
];

for (const [facts, code, message] of CASES) {
  test(`foreignError() says: ${message}`, () => {
    const cause = Object.assign(new Error("of a library"), facts);
    const error = foreignError(cause);
    assert.deepEqual([error?.code, error?.message, error?.cause], [code, message, cause]);
  });
}

test("foreignError() has words for every error of the system", () => {
  for (const code of Object.keys(constants.errno)) {
    assert.notEqual(foreignError(Object.assign(new Error("x"), { code })), null, code);
  }
});

test("foreignError() tells when memory is used up", () => {
  assert.match(foreignError(new RangeError("Array buffer allocation failed"))?.message ?? "", /not enough memory$/);
});

test("foreignError() takes the first of several errors", () => {
  const first = Object.assign(new Error("x"), { code: "ENOSPC", syscall: "write" });
  assert.equal(foreignError(new AggregateError([first]))?.code, "DISK_FULL");
});

test("foreignError() leaves what only a bug can cause", () => {
  const argument = Object.assign(new TypeError("x"), { code: "ERR_INVALID_ARG_TYPE" });
  const statement = Object.assign(new Error("no such column"), { code: "SQLITE_ERROR" });
  for (const bug of [argument, statement, new RangeError("Invalid count value"), "text", undefined]) {
    assert.equal(foreignError(bug), null);
  }
});

test("databaseWords() knows what SQLite says of the machine, and nothing else", () => {
  const known = [
    "NOTADB",
    "CORRUPT_VTAB",
    "FULL",
    "IOERR_WRITE",
    "READONLY_DIRECTORY",
    "BUSY_SNAPSHOT",
    "CANTOPEN",
    "NOMEM",
    "PERM",
  ];
  for (const code of known) assert.notEqual(databaseWords(`SQLITE_${code}`), null, code);
  for (const code of ["ERROR", "CONSTRAINT", "MISUSE", "FULLER"])
    assert.equal(databaseWords(`SQLITE_${code}`), null, code);
});
