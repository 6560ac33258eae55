import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openSqlite, sqliteError } from "../../src/state/open-sqlite.ts";
import { mountTemporary } from "../support/mount-temporary.ts";

let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), "open-sqlite-"));
});
after(() => rmSync(directory, { recursive: true, force: true }));

describe("openSqlite()", () => {
  it("syncs fully, in WAL mode too, which SQLite here is built to relax", () => {
    const first = openSqlite(join(directory, "new.db"));
    assert.equal(first.pragma("journal_mode = WAL", { simple: true }), "wal");
    first.exec("CREATE TABLE x (y)");
    first.close();
    const database = openSqlite(join(directory, "new.db"));
    database.exec("INSERT INTO x VALUES (1)");
    assert.equal(database.pragma("synchronous", { simple: true }), 2);
    assert.equal(database.pragma("busy_timeout", { simple: true }), 100);
    database.close();
  });

  for (const [name, bytes] of [
    ["words", Buffer.from("no database ".repeat(500))],
    ["a header and nothing behind it", Buffer.concat([Buffer.from("SQLite format 3\0"), Buffer.alloc(4080, 0xff)])],
  ] as const) {
    it(`throws DATABASE_INVALID when the file is ${name}`, () => {
      const path = join(directory, "damaged.db");
      writeFileSync(path, bytes);
      assert.throws(() => openSqlite(path), { code: "DATABASE_INVALID" });
    });
  }

  it("throws FILE_SYSTEM when a file that must exist does not", () => {
    assert.throws(() => openSqlite(join(directory, "none.db"), { fileMustExist: true }), { code: "FILE_SYSTEM" });
  });

  it("returns an error that is not of the file as it is", () => {
    const error = Object.assign(new Error("database is locked"), { code: "SQLITE_BUSY" });
    assert.equal(sqliteError(error, "x"), error);
    assert.equal(sqliteError(undefined, "x"), undefined);
  });

  for (const [code, expected] of [
    ["SQLITE_FULL", "DISK_FULL"],
    ["SQLITE_IOERR_WRITE", "FILE_SYSTEM"],
    ["SQLITE_READONLY_DIRECTORY", "PERMISSION_DENIED"],
    ["SQLITE_CORRUPT_VTAB", "DATABASE_INVALID"],
  ] as const) {
    it(`sqliteError() gives ${expected} for ${code}`, () => {
      const error = Object.assign(new Error("x"), { code });
      assert.throws(
        () => {
          throw sqliteError(error, "x");
        },
        { code: expected, cause: error },
      );
    });
  }

  it("throws PERMISSION_DENIED when the file may only be read", {
    skip: process.getuid?.() === 0 && "root may write everything",
  }, () => {
    const path = join(directory, "readonly.db");
    openSqlite(path).close();
    chmodSync(path, 0o444);
    const database = openSqlite(path);
    try {
      assert.throws(
        () => {
          try {
            database.exec("CREATE TABLE x (y)");
          } catch (error) {
            throw sqliteError(error, path);
          }
        },
        { code: "PERMISSION_DENIED" },
      );
    } finally {
      database.close();
    }
  });
});

it("sqliteError() says so when the file system has no room for another file", (t) => {
  const mounted = mountTemporary({ after: (end) => after(end) }, "size=1m,nr_inodes=5");
  if ("reason" in mounted) return t.skip(mounted.reason);
  const path = join(mounted.path, "state.db");
  openSqlite(path).close();
  for (const name of ["a", "b", "c"]) writeFileSync(join(mounted.path, name), "");
  const cause = Object.assign(new Error("x"), { code: "SQLITE_CANTOPEN" });
  assert.match(String(sqliteError(cause, path)), /no room for another file/);
});
