import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import Database from "better-sqlite3";
import { hashHex } from "../../src/base/hashes.ts";
import { machineId } from "../../src/base/process-alive.ts";
import { FINDING_CODES, type FindingCode } from "../../src/doctor/finding.ts";
import { DAY_MS, indexWorld } from "../repository-index/world.ts";
import { elfFile } from "../support/elf-file.ts";
import { jsonOf, runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";
import { doctorHome } from "./doctor-home.ts";

const ENDED = 2 ** 22 + 1;
const WEEKS_AGO_S = Date.now() / 1000 - 30 * 24 * 60 * 60;

interface Damage {
  readonly what: string;
  readonly seed: (home: string) => void;
  readonly code: FindingCode;
  /** Whether other damage would hide it, or be hidden by it. */
  readonly isAlone?: true;
  /** What is elsewhere, or is new, once it is mended: paths. */
  readonly changes?: RegExp;
  readonly env?: (home: string) => Readonly<Record<string, string>>;
}

/** The directory of the one version of a package that is there. */
function directoryOf(home: string, name: string): string {
  const [version = ""] = readdirSync(join(home, "packages", name));
  return join(home, "packages", name, version);
}

function fileOf(home: string, name: string, path = name): string {
  return join(directoryOf(home, name), path);
}

function blobOf(home: string, name: string): string {
  const bytes = readFileSync(fileOf(home, name));
  const blobs = join(home, "blobs/sha256");
  const found = readdirSync(blobs).find((hex) => readFileSync(join(blobs, hex)).equals(bytes));
  return join(blobs, found ?? "");
}

function sql(home: string, text: string): void {
  const database = new Database(join(home, "state.db"));
  database.pragma("foreign_keys = OFF");
  database.exec(text);
  database.close();
}

/** Changes what is recorded of the index. */
function indexMeta(home: string, change: (meta: Readonly<Record<string, unknown>>) => object): void {
  const database = new Database(join(home, "index/tools.db"));
  const text = database.prepare("SELECT json FROM meta").pluck().get();
  database.prepare("UPDATE meta SET json = ?").run(JSON.stringify(change(JSON.parse(String(text)))));
  database.close();
}

/** As if a package had been installed with these bytes, where they could be run. */
function installedAs(home: string, name: string, bytes: Buffer, file = name): void {
  const digest = hashHex("sha256", bytes);
  for (const path of [fileOf(home, name, file), join(home, "blobs/sha256", digest)])
    replaceWith(path, () => writeFileSync(path, bytes, { mode: 0o755 }));
  sql(
    home,
    `UPDATE files SET digest = 'sha256:${digest}', size_bytes = ${bytes.length} WHERE installation = '${name}' AND path = '${file}'`,
  );
}

/** As if a package had been poured into a prefix, which a database records. */
function pouredInto(
  home: string,
  name: string,
  { prefix, marked }: { readonly prefix: string; readonly marked: string },
) {
  sql(home, `UPDATE installations SET keg = '${JSON.stringify({ prefix })}' WHERE name = '${name}'`);
  mkdirSync(join(home, "brew"));
  symlinkSync(`../${marked}`, join(home, "brew/.pkg-home"));
}

/** A program that is linked with a library which nobody has. */
function withoutLibrary(): Buffer {
  const bytes = readFileSync("/bin/true");
  bytes.write("libq.so.6", bytes.indexOf("libc.so.6\0"), "latin1");
  return bytes;
}

function blobsOf(home: string): readonly string[] {
  return readdirSync(join(home, "blobs/sha256")).map((hex) => join(home, "blobs/sha256", hex));
}

function replaceWith(path: string, make: (path: string) => void): void {
  rmSync(path, { recursive: true, force: true });
  make(path);
}

function linkAt(path: string, target: string): void {
  replaceWith(path, () => symlinkSync(target, path));
}

function corrupt(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill("!", 0, 4);
  const mode = 0o755;
  replaceWith(path, () => writeFileSync(path, bytes, { mode }));
}

function old(path: string): void {
  utimesSync(path, WEEKS_AGO_S, WEEKS_AGO_S);
}

function environmentOf(home: string): string {
  const name = readdirSync(join(home, "run")).find((each) => /^[0-9a-f]{16}$/.test(each));
  return join(home, "run", name ?? "");
}

const ARM64 = 183;
const MAN = "share/man/man1/d.1";
const DATABASE_ASIDE = /^never$/;

const INTENT = { installs: [], removals: [], renewals: [], links: [], unlinks: [], draft: ".pkg-0a1b2c" };
const NO_CLEANUP = '{"directories":[],"digests":[]}';

const DAMAGES: readonly Damage[] = [
  // Files.
  { what: "a file is missing", seed: (home) => unlinkSync(fileOf(home, "x")), code: "file-missing" },
  {
    what: "a file has other bytes",
    seed: (home) => corrupt(fileOf(home, "x")),
    code: "file-changed",
    changes: /pkg-saved$/,
  },
  {
    what: "a file is shorter",
    seed: (home) => truncateSync(fileOf(home, "x"), 3),
    code: "file-changed",
    changes: /pkg-saved$/,
  },
  { what: "a file cannot be run", seed: (home) => chmodSync(fileOf(home, "x"), 0o644), code: "file-changed" },
  { what: "a file is setuid", seed: (home) => chmodSync(fileOf(home, "x"), 0o4755), code: "file-changed" },
  {
    what: "a file is a directory",
    seed: (home) => replaceWith(fileOf(home, "x"), (path) => mkdirSync(path)),
    code: "file-changed",
  },
  {
    what: "a file is a link",
    seed: (home) => linkAt(fileOf(home, "x"), "/bin/true"),
    code: "file-changed",
    changes: /pkg-saved$/,
  },
  {
    what: "a symlink of a package is missing",
    seed: (home) => unlinkSync(fileOf(home, "d", "bin/e")),
    code: "file-missing",
  },
  {
    what: "a symlink of a package leads elsewhere",
    seed: (home) => linkAt(fileOf(home, "d", "bin/e"), "/bin/true"),
    code: "file-changed",
    changes: /pkg-saved$/,
  },
  {
    isAlone: true,
    what: "the directory of a package is gone",
    seed: (home) => rmSync(directoryOf(home, "d"), { recursive: true }),
    code: "file-missing",
  },
  {
    isAlone: true,
    what: "all packages are gone",
    seed: (home) => rmSync(join(home, "packages"), { recursive: true }),
    code: "file-missing",
  },
  // Links.
  { what: "a link is missing", seed: (home) => unlinkSync(join(home, "bin/x")), code: "link-missing" },
  {
    what: "a link dangles",
    seed: (home) => linkAt(join(home, "bin/x"), "../packages/x/nowhere/x"),
    code: "link-changed",
  },
  {
    what: "a link leads to another package",
    seed: (home) => linkAt(join(home, "bin/x"), `../packages/d/${basename(directoryOf(home, "d"))}/bin/d`),
    code: "link-changed",
  },
  {
    what: "a link leads out of the home",
    seed: (home) => linkAt(join(home, "bin/x"), "/bin/true"),
    code: "link-replaced",
    changes: /bin\/x\.pkg-saved$/,
  },
  {
    what: "a file is in the place of a link",
    seed: (home) => replaceWith(join(home, "bin/x"), (path) => writeFileSync(path, "mine")),
    code: "link-replaced",
    changes: /bin\/x\.pkg-saved$/,
  },
  {
    isAlone: true,
    what: "all links are gone",
    seed: (home) => {
      for (const name of ["x", "d", "e", "app"]) rmSync(join(home, "bin", name), { force: true });
    },
    code: "link-missing",
  },
  { what: "a man page is missing", seed: (home) => unlinkSync(join(home, MAN)), code: "link-missing" },
  {
    isAlone: true,
    what: "the data directory is gone",
    seed: (home) => rmSync(join(home, "share"), { recursive: true }),
    code: "link-missing",
  },
  {
    what: "a link of a package that is gone was left",
    seed: (home) => symlinkSync("../packages/gone/1.0-0123456789ab/gone", join(home, "bin/gone")),
    code: "link-loose",
  },
  {
    what: "links are in a directory that was the bin directory before, beside one of somebody else",
    seed: (home) => {
      mkdirSync(join(home, "old"));
      symlinkSync(readlinkSync(join(home, "bin/x")), join(home, "old/x"));
      symlinkSync("../packages/gone/1.0-0123456789ab/gone", join(home, "old/gone"));
      symlinkSync("/bin/true", join(home, "old/mine"));
    },
    env: (home) => ({ PATH: `${home}/bin:${home}/old:/usr/bin:/bin` }),
    code: "link-left",
    changes: /^old\/mine$/,
  },
  // The store.
  { what: "a blob is missing", seed: (home) => unlinkSync(blobOf(home, "x")), code: "blob-missing" },
  { what: "a blob has other bytes", seed: (home) => corrupt(blobOf(home, "x")), code: "blob-damaged" },
  {
    isAlone: true,
    what: "the store is gone",
    seed: (home) => rmSync(join(home, "blobs"), { recursive: true }),
    code: "blob-missing",
  },
  {
    isAlone: true,
    what: "a file and its blob, which are one, have other bytes",
    seed: (home) => {
      const [file, blob] = [fileOf(home, "x"), blobOf(home, "x")];
      replaceWith(blob, () => linkSync(file, blob));
      writeFileSync(file, "other");
    },
    code: "blob-damaged",
    changes: /pkg-saved$/,
  },
  {
    what: "the bytes of a pinned package are gone",
    seed: (home) => {
      sql(home, "UPDATE installations SET is_pinned = 1 WHERE name = 'x'");
      unlinkSync(blobOf(home, "x"));
    },
    code: "blob-missing",
  },
  {
    isAlone: true,
    what: "a package and its bytes are gone",
    seed: (home) => {
      unlinkSync(blobOf(home, "x"));
      rmSync(directoryOf(home, "x"), { recursive: true });
    },
    code: "file-missing",
  },
  {
    what: "a blob that nothing needs was left",
    seed: (home) => {
      const path = join(home, "blobs/sha256", "0".repeat(64));
      writeFileSync(path, "");
      old(path);
    },
    code: "blob-unneeded",
  },
  {
    what: "a download was broken off long ago",
    seed: (home) => {
      mkdirSync(join(home, "blobs/partial"), { recursive: true });
      const path = join(home, "blobs/partial/sha256-x");
      writeFileSync(path, "part");
      old(path);
    },
    code: "partial-left",
  },
  {
    what: "a process was killed while it unpacked",
    seed: (home) => {
      mkdirSync(join(home, "blobs/partial"), { recursive: true });
      writeFileSync(join(home, "blobs/partial", `intake.${machineId()}-${ENDED}-abc-1`), "part");
    },
    code: "partial-left",
  },
  // Leftovers.
  {
    what: "a package was staged",
    seed: (home) => mkdirSync(join(home, "packages/.pkg-0a1b2c-1/x"), { recursive: true }),
    code: "draft-left",
  },
  {
    what: "a config was drafted",
    seed: (home) => {
      writeFileSync(join(home, ".config.toml.0123456789abcdef.tmp"), "");
      old(join(home, ".config.toml.0123456789abcdef.tmp"));
    },
    code: "draft-left",
  },
  {
    isAlone: true,
    what: "an older version of a package was left",
    seed: (home) => mkdirSync(join(home, "packages/x/0.1-0123456789ab")),
    code: "package-unrecorded",
  },
  // The database.
  {
    isAlone: true,
    what: "the database is garbage",
    seed: (home) => writeFileSync(join(home, "state.db"), "garbage".repeat(1000)),
    code: "database-damaged",
    changes: DATABASE_ASIDE,
  },
  {
    isAlone: true,
    what: "a page of the database is overwritten",
    seed: (home) => {
      const bytes = readFileSync(join(home, "state.db"));
      bytes.fill(0xff, 8 * 4096, 9 * 4096);
      writeFileSync(join(home, "state.db"), bytes);
    },
    code: "database-damaged",
  },
  {
    isAlone: true,
    what: "the database is gone",
    seed: (home) => rmSync(join(home, "state.db")),
    code: "package-unrecorded",
  },
  {
    isAlone: true,
    what: "a package is not recorded any more",
    seed: (home) => sql(home, "PRAGMA foreign_keys = ON; DELETE FROM installations WHERE name = 'x'"),
    code: "package-unrecorded",
  },
  {
    isAlone: true,
    what: "the database has files of no package",
    seed: (home) => sql(home, "DELETE FROM installations WHERE name = 'd'"),
    code: "database-damaged",
  },
  {
    what: "the database is open to others",
    seed: (home) => chmodSync(join(home, "state.db"), 0o644),
    code: "secret-readable",
  },
  {
    what: "the lock is no lock",
    seed: (home) => writeFileSync(join(home, "lock.db"), "garbage that is long enough"),
    code: "database-damaged",
  },
  {
    what: "the lock is held by nobody",
    seed: (home) =>
      writeFileSync(join(home, "lock.db.holder"), JSON.stringify({ pid: ENDED, command: "pkg install x" })),
    code: "lock-left",
  },
  {
    what: "the lock is held by a process that is another one now",
    seed: (home) => {
      const path = join(home, "lock.db.holder");
      writeFileSync(path, JSON.stringify({ pid: process.pid, command: "pkg install x" }));
      old(path);
    },
    code: "lock-left",
  },
  {
    what: "the locks are directories",
    seed: (home) => {
      for (const name of ["lock.db", "blobs.lock", "state.db-shm"])
        replaceWith(join(home, name), (path) => mkdirSync(path));
    },
    code: "database-damaged",
    isAlone: true,
  },
  ...[
    "UPDATE files SET digest = 'sha256:../../documents/notes.txt' WHERE installation = 'x'",
    "UPDATE installations SET directory = '../documents' WHERE name = 'x'",
  ].map((text) => ({
    isAlone: true as const,
    what: `the database leads to files of the user (${text.split(" ", 4).join(" ")})`,
    seed: (home: string) => sql(home, text),
    code: "database-damaged" as const,
  })),
  // Something else in the place of a file or a directory.
  {
    isAlone: true,
    what: "directories, which may hold something, are in the places of all blobs",
    seed: (home) => {
      for (const path of blobsOf(home)) replaceWith(path, () => mkdirSync(join(path, "x"), { recursive: true }));
    },
    code: "blob-damaged",
  },
  {
    isAlone: true,
    what: "links to themselves are in the places of all blobs",
    seed: (home) => {
      for (const path of blobsOf(home)) linkAt(path, basename(path));
    },
    code: "blob-damaged",
  },
  {
    isAlone: true,
    what: "a blob is empty, and so is that of a version before",
    seed: (home) => {
      for (const path of blobsOf(home)) replaceWith(path, () => writeFileSync(path, ""));
    },
    code: "kept-version-incomplete",
  },
  {
    isAlone: true,
    what: "a file is in the place of all versions of a package",
    seed: (home) => replaceWith(join(home, "packages/x"), (path) => writeFileSync(path, "mine")),
    code: "file-missing",
    changes: /packages\/x\.pkg-saved$/,
  },
  {
    isAlone: true,
    what: "a file is in the place of the directory of a package",
    seed: (home) => replaceWith(directoryOf(home, "x"), (path) => writeFileSync(path, "mine")),
    code: "file-missing",
    changes: /packages\/x\/[^/]*\.pkg-saved$/,
  },
  {
    isAlone: true,
    what: "the directory of a package is a link to itself",
    seed: (home) => linkAt(directoryOf(home, "d"), basename(directoryOf(home, "d"))),
    code: "file-unreadable",
    changes: /packages\/d\/[^/]*\.pkg-saved$/,
  },
  {
    what: "an environment is a link to itself",
    seed: (home) => linkAt(environmentOf(home), basename(environmentOf(home))),
    code: "environment-damaged",
    isAlone: true,
  },
  // Access.
  { what: "everybody may write to the home", seed: (home) => chmodSync(home, 0o777), code: "open-to-others" },
  {
    what: "everybody may write to the packages",
    seed: (home) => chmodSync(join(home, "packages"), 0o777),
    code: "open-to-others",
  },
  {
    what: "everybody may write to the bin directory",
    seed: (home) => chmodSync(join(home, "bin"), 0o777),
    code: "open-to-others",
  },
  {
    what: "everybody may write to the config",
    seed: (home) => chmodSync(join(home, "config.toml"), 0o666),
    code: "open-to-others",
  },
  {
    what: "the store cannot be written",
    seed: (home) => chmodSync(join(home, "blobs/sha256"), 0o500),
    code: "not-writable",
  },
  {
    what: "the bin directory cannot be written",
    seed: (home) => chmodSync(join(home, "bin"), 0o555),
    code: "not-writable",
  },
  {
    what: "a secret key may be read",
    seed: (home) => chmodSync(join(home, "keys/default.key"), 0o644),
    code: "secret-readable",
  },
  {
    what: "credentials may be read",
    seed: (home) => writeFileSync(join(home, "auth.json"), '{"auths":{"ghcr.io":{"auth":"YTpi"}}}', { mode: 0o644 }),
    code: "secret-readable",
    env: (home) => ({ REGISTRY_AUTH_FILE: join(home, "auth.json") }),
  },
  // Indexes.
  { what: "an index is gone", seed: (home) => unlinkSync(join(home, "index/tools.db")), code: "index-missing" },
  {
    what: "an index is damaged",
    seed: (home) => writeFileSync(join(home, "index/tools.db"), "garbage"),
    code: "index-damaged",
  },
  { what: "an index is stale", seed: (home) => old(join(home, "index/tools.db")), code: "index-stale" },
  {
    what: "an index was checked by other rules",
    seed: (home) => indexMeta(home, (meta) => ({ ...meta, checkedBy: "other" })),
    code: "index-outdated-rules",
    isAlone: true,
  },
  {
    what: "a directory is in the place of an index",
    seed: (home) =>
      replaceWith(join(home, "index/tools.db"), (path) => mkdirSync(join(path, "x"), { recursive: true })),
    code: "index-damaged",
    isAlone: true,
  },
  {
    what: "an index is of no repository",
    seed: (home) => writeFileSync(join(home, "index/gone.db"), ""),
    code: "index-unowned",
  },
  // Dependencies.
  {
    isAlone: true,
    what: "what is needed was lost",
    seed: (home) => sql(home, "PRAGMA foreign_keys = ON; DELETE FROM installations WHERE name = 'lib'"),
    code: "dependency-missing",
  },
  {
    isAlone: true,
    what: "what nothing needs stayed",
    seed: (home) => sql(home, "UPDATE installations SET dependencies = '[]' WHERE name = 'app'"),
    code: "dependency-needless",
    changes: /^packages\/lib/,
  },
  // Environments.
  {
    what: "the record of an environment is damaged",
    seed: (home) => writeFileSync(join(environmentOf(home), "environment.json"), "{"),
    code: "environment-damaged",
  },
  {
    what: "the program of an environment is gone",
    seed: (home) => unlinkSync(join(environmentOf(home), "bin/lone")),
    code: "environment-damaged",
  },
  {
    what: "an environment was left unfinished",
    seed: (home) => mkdirSync(join(home, "run", `.0123456789abcdef-${machineId()}-${ENDED}-0a1b2c`)),
    code: "environment-abandoned",
  },
  {
    isAlone: true,
    what: "a change was interrupted",
    seed: (home) =>
      sql(
        home,
        `INSERT INTO intents (state, document, cleanup) VALUES ('undo', '${JSON.stringify(INTENT)}', '${NO_CLEANUP}')`,
      ),
    code: "change-interrupted",
  },
  {
    isAlone: true,
    what: "a row of the database means nothing",
    seed: (home) => sql(home, "UPDATE installations SET dependencies = '{' WHERE name = 'x'"),
    code: "database-damaged",
  },
  {
    what: "a page of an index is overwritten",
    seed: (home) => {
      const path = join(home, "index/tools.db");
      const bytes = readFileSync(path);
      const pageBytes = bytes.readUInt16BE(16);
      bytes.fill(0xff, 2 * pageBytes, 3 * pageBytes);
      writeFileSync(path, bytes);
    },
    code: "index-damaged",
  },
  {
    what: "a file is closed to its owner",
    seed: (home) => chmodSync(fileOf(home, "d", "bin/d"), 0o000),
    code: "not-writable",
  },
  {
    what: "a directory of a package is closed",
    seed: (home) => chmodSync(directoryOf(home, "x"), 0o000),
    code: "not-writable",
  },
  {
    isAlone: true as const,
    what: "the database is closed to its owner",
    seed: (home) => chmodSync(join(home, "state.db"), 0o000),
    code: "not-writable",
  },
  ...(process.geteuid?.() === 0
    ? [
        {
          isAlone: true as const,
          what: "what root made is in a user's home",
          seed: (home: string) => {
            chownSync(home, 4242, 4242);
          },
          code: "not-yours" as const,
        },
      ]
    : []),
];

const world = await doctorHome({ after });
const healthy = world.copy();

/** Everything below a home, with the time at which it was changed. */
function stampsOf(home: string): readonly string[] {
  return readdirSync(home, { recursive: true, encoding: "utf8" })
    .map((path) => `${path} ${lstatSync(join(home, path)).ctimeMs}`)
    .toSorted();
}

test("pkg doctor finds nothing in a healthy home, in one line, and changes nothing", async () => {
  const before = stampsOf(healthy);
  const { code, stdout, stderr } = await world.pkg(healthy, ["doctor"]);
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "No problem was found\n", stderr: "" });
  assert.deepEqual(stampsOf(healthy), before);
});

test("pkg doctor changes nothing in a home that is damaged in several ways", async () => {
  const home = world.copy();
  corrupt(blobOf(home, "x"));
  writeFileSync(join(home, "lock.db"), "garbage that is long enough");
  unlinkSync(join(home, "bin/x"));
  chmodSync(join(home, "packages"), 0o777);
  const before = stampsOf(home);
  const { findings } = jsonOf(await world.pkg(home, ["doctor", "--json"])) as Document;
  const codes = findings.map((finding) => finding.code).toSorted();
  assert.deepEqual(codes, ["blob-damaged", "database-damaged", "link-missing", "open-to-others"]);
  assert.equal((await world.pkg(home, ["doctor", "--fix", "--dry-run"])).code, 1);
  assert.deepEqual(stampsOf(home), before);
});

interface Document {
  readonly healthy: boolean;
  readonly findings: readonly { readonly code: string; readonly state: string; readonly subject: string }[];
}

type Lines = readonly (readonly [path: string, content: string])[];

function difference(now: Lines, before: Lines) {
  const [one, other] = [now, before].map((lines) => new Set(lines.map((line) => line.join(" ").replace(ANEW, "$1"))));
  return {
    more: [...(one?.difference(other ?? new Set()) ?? [])],
    less: [...(other?.difference(one ?? new Set()) ?? [])],
  };
}

/** What is placed again is placed beside what was there. */
const ANEW = /(-[0-9a-f]{12})-\d+/g;

const pristine = world.treeOf(healthy);

/** Those that bear company are seeded some at a time, from all parts of the table: a home seldom has one trouble alone. */
function batches(damages: readonly Damage[], count: number): readonly (readonly Damage[])[] {
  const [single, mixed] = [true, false].map((isAlone) => damages.filter((each) => (each.isAlone ?? false) === isAlone));
  const groups = Map.groupBy((mixed ?? []).entries(), ([at]) => at % count);
  return [
    ...(single ?? []).map((each) => [each]),
    ...[...groups.values()].map((group) => group.map(([, each]) => each)),
  ];
}

for (const batch of batches(DAMAGES, 8)) {
  test(`pkg doctor --fix mends it when ${batch.map(({ what }) => what).join(", and ")}`, async () => {
    const home = world.copy();
    // What is looked for by the bytes of a file is found while that file is whole.
    for (const { seed } of batch.toReversed()) seed(home);
    const env = Object.assign({}, ...batch.map((each) => each.env?.(home) ?? {}));
    const result = await world.pkg(home, ["doctor", "--fix", "--json"], env);
    const { healthy: isHealthy, findings = [] } = jsonOf(result) as Document;
    const codes = new Set(findings.map((finding) => finding.code));
    assert.deepEqual(
      batch.filter(({ code }) => !codes.has(code)).map(({ code }) => code),
      [],
      result.stdout,
    );
    assert.ok(isHealthy, result.stdout + result.stderr);
    assert.equal(result.code, 0);
    const others = (tree: Readonly<Record<string, string>>) =>
      Object.entries(tree).filter(([path]) => !batch.some(({ changes }) => changes?.test(path) === true));
    assert.deepEqual(difference(others(world.treeOf(home)), others(pristine)), { more: [], less: [] });
    rmSync(home, { recursive: true, force: true });
  });
}

/** What a person alone can mend. */
const LEFT: readonly Damage[] = [
  {
    isAlone: true,
    what: "a bottle names the prefix that its home had before it was moved",
    seed: (home) => pouredInto(home, "x", { prefix: "/nowhere/prefix", marked: "state.db" }),
    code: "package-moved",
  },
  {
    isAlone: true,
    what: "the config has another prefix than the one that bottles are in",
    seed: (home) => pouredInto(home, "x", { prefix: "/nowhere/prefix", marked: "gone.db" }),
    code: "prefix-changed",
  },
  {
    isAlone: true,
    what: "the prefix is that of the home that this one was copied from",
    seed: (home) => {
      writeFileSync(join(home, "other.db"), "");
      pouredInto(home, "x", { prefix: join(home, "brew"), marked: "other.db" });
    },
    code: "prefix-foreign",
  },
  { what: "a library is not here", seed: (home) => installedAs(home, "x", withoutLibrary()), code: "library-missing" },
  {
    what: "an interpreter is not here",
    seed: (home) => installedAs(home, "app", Buffer.from("#!/nowhere/interpreter\n")),
    code: "interpreter-missing",
  },
  {
    what: "a program is for another machine",
    seed: (home) => installedAs(home, "d", elfFile({ machine: ARM64 }), "bin/d"),
    code: "program-unusable",
  },
  {
    what: "the record of another profile is damaged",
    seed: (home) => {
      mkdirSync(join(home, "profiles/work"), { recursive: true });
      writeFileSync(join(home, "profiles/work/state.db"), "garbage".repeat(1000));
    },
    code: "database-damaged",
  },
  {
    what: "a file is where profiles, or allowed projects, have to be",
    seed: (home) => writeFileSync(join(home, "allowed"), "mine"),
    code: "directory-blocked",
  },
  {
    what: "a directory is in the place of a link",
    seed: (home) => replaceWith(join(home, "bin/x"), (path) => mkdirSync(path)),
    code: "link-replaced",
  },
  {
    isAlone: true,
    what: "the config is invalid, and more is wrong",
    seed: (home) => {
      writeFileSync(join(home, "config.toml"), "nosuch = 1\n");
      writeFileSync(join(home, "state.db"), "garbage");
    },
    code: "config-invalid",
  },
  {
    isAlone: true,
    what: "the database is of a newer version",
    seed: (home) => sql(home, "PRAGMA user_version = 9999"),
    code: "database-newer",
  },
  {
    what: "the database is no file",
    seed: (home) => replaceWith(join(home, "state.db"), (path) => mkdirSync(path)),
    code: "database-unreadable",
    isAlone: true,
  },
  {
    isAlone: true,
    what: "the packages directory is a file",
    seed: (home) => replaceWith(join(home, "packages"), (path) => writeFileSync(path, "")),
    code: "directory-blocked",
  },
  {
    what: "the bin directory is not on PATH",
    seed: () => {},
    code: "path-missing",
    env: () => ({ PATH: "/usr/bin:/bin" }),
  },
  {
    what: "the bin directory comes late",
    seed: () => {},
    code: "path-order",
    env: (home) => ({ PATH: `/usr/bin:/bin:${home}/bin` }),
  },
  {
    what: "the bin directory comes twice",
    seed: () => {},
    code: "path-twice",
    env: (home) => ({ PATH: `${home}/bin:/usr/bin:${home}/bin` }),
  },
  {
    what: "another program comes before ours",
    seed: (home) => {
      mkdirSync(join(home, "other"));
      writeFileSync(join(home, "other/x"), "", { mode: 0o755 });
    },
    code: "program-hidden",
    env: (home) => ({ PATH: `${home}/other:${home}/bin:/usr/bin` }),
  },
  {
    what: "a man page is not looked for",
    seed: () => {},
    code: "share-path-missing",
    env: () => ({ MANPATH: "/usr/share/man" }),
  },
  {
    what: "a variable leads nowhere",
    seed: () => {},
    code: "variable-nowhere",
    env: () => ({ SSL_CERT_DIR: "/nosuch" }),
  },
  { what: "a variable is misspelt", seed: () => {}, code: "variable-wrong", env: () => ({ PKG_CONCURENCY: "3" }) },
  { what: "a variable is no number", seed: () => {}, code: "variable-wrong", env: () => ({ PKG_CONCURRENCY: "many" }) },
  {
    what: "a package was installed in the future",
    seed: (home) => sql(home, "UPDATE installations SET installed_at = '2999-01-01T00:00:00.000Z' WHERE name = 'x'"),
    code: "clock-wrong",
  },
];

for (const batch of batches(LEFT, 5)) {
  test(`pkg doctor --fix says what a person can do when ${batch.map(({ what }) => what).join(", and ")}`, async () => {
    const home = world.copy();
    for (const { seed } of batch) seed(home);
    const env = Object.assign({}, ...batch.map((each) => each.env?.(home) ?? {}));
    const { code: exit, stdout } = await world.pkg(home, ["doctor", "--fix", "--json"], env);
    const { findings = [] } = JSON.parse(stdout) as Document;
    const left = new Set(findings.filter(({ state }) => state === "left").map(({ code }) => code));
    assert.deepEqual(
      batch.filter(({ code }) => !left.has(code)).map(({ code }) => code),
      [],
      stdout,
    );
    assert.equal(exit, 1);
    rmSync(home, { recursive: true, force: true });
  });
}

test("pkg doctor tells what is wrong in groups, with each cure, and changes nothing", async () => {
  const home = world.copy();
  unlinkSync(join(home, "bin/x"));
  const { code, stdout, stderr } = await world.pkg(home, ["doctor"]);
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^Packages\n {2}! \S+bin\/x: it was placed by x, and is missing\n {6}--fix mends it\. Run `pkg update x`/,
  );
  assert.match(stderr, /1 problem found; `pkg doctor --fix` mends 1/);
  const dry = await world.pkg(home, ["doctor", "--fix", "--dry-run"]);
  assert.match(dry.stderr, /would mend 1/);
  assert.equal((await world.pkg(home, ["verify"])).code, 1);
  const fixed = await world.pkg(home, ["doctor", "--fix"]);
  assert.match(fixed.stdout, /mended \S+bin\/x/);
  assert.equal(fixed.code, 0);
});

test("pkg doctor --fix leaves a dependency that is fetched again a dependency", async () => {
  const home = world.copy();
  unlinkSync(blobOf(home, "lib"));
  unlinkSync(fileOf(home, "lib"));
  assert.equal((await world.pkg(home, ["doctor", "--fix"])).code, 0);
  const { packages } = jsonOf(await world.pkg(home, ["why", "lib", "--json"])) as {
    readonly packages: readonly object[];
  };
  assert.partialDeepStrictEqual(packages, [{ name: "lib", isDependency: true }]);
});

test("pkg doctor --fix fetches an index that has expired, unless it may not", async (t) => {
  const publisher = await indexWorld(t);
  await publisher.publish();
  const home = tempHome(t);
  const off = ["soarpkgs", "homebrew"].map((name) => `[repositories.${name}]\nenabled = false\n`);
  writeFileSync(join(home, "config.toml"), off.join("\n"));
  const examined = async (...words: readonly string[]) => {
    const { code, stdout } = await runPkg(["doctor", "--json", ...words], {
      home,
      env: { PATH: `${home}/bin:/usr/bin` },
    });
    return {
      code,
      codes: (JSON.parse(stdout) as Document).findings.map((finding) => `${finding.code} ${finding.state}`),
    };
  };
  const expire = () =>
    indexMeta(home, (meta) => ({ ...meta, trust: { ...Object(meta["trust"]), expiresMs: Date.now() - DAY_MS } }));
  await publisher.publishPackageIndex({ at: Date.now() });
  const added = await runPkg(["repo", "add", publisher.reference, "--name", "tools"], { home });
  assert.equal(added.code, 0, added.stderr);
  expire();
  assert.deepEqual(await examined(), { code: 1, codes: ["index-expired found"] });
  assert.deepEqual(await examined("--fix"), { code: 0, codes: ["index-expired fixed"] });
  expire();
  assert.deepEqual(await examined("--fix", "--offline"), { code: 1, codes: ["index-expired left"] });
});

test("docs/doctor.md has every code", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/doctor.md"), "utf8");
  const codes = Object.values(FINDING_CODES).flat();
  const documented = [...page.matchAll(/^\| (`.*?) \|/gm)].flatMap(
    ([, cell = ""]) => cell.match(/[a-z]+(?:-[a-z]+)+/g) ?? [],
  );
  assert.deepEqual(documented.toSorted(), codes.toSorted());
});
