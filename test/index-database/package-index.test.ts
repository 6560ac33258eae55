import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { PkgError } from "../../src/errors.ts";
import {
  openPackageIndex,
  type PackageIndex,
  type SearchHit,
  type WrittenMeta,
} from "../../src/index-database/package-index.ts";
import { createIndexWriter } from "../../src/index-database/package-index-writer.ts";
import type { PackageEntry } from "../../src/package/metadata.ts";
import { openSqlite } from "../../src/state/open-sqlite.ts";
import { makeEntry } from "../support/entries.ts";

const META: WrittenMeta = {
  url: "https://example.org/index.json",
  etag: '"abc"',
  lastModified: null,
  syncedAtMs: 1_700_000_000_000,
  entries: 0,
  skipped: 3,
  format: "g1",
  keyId: null,
  checkedBy: "nothing",
  trust: null,
};

function entry(name: string, more: Partial<PackageEntry> & { readonly links?: readonly string[] } = {}): PackageEntry {
  const { links = [name], ...facts } = more;
  return makeEntry({
    name,
    family: "",
    version: "1.0",
    description: "",
    provides: [{ program: name, links }],
    ...facts,
  });
}

function write(path: string, entries: readonly PackageEntry[], meta: Partial<WrittenMeta> = {}): void {
  const writer = createIndexWriter(path);
  for (const each of entries) writer.add(each);
  writer.commit({ ...META, entries: entries.length, ...meta });
}

function names(entries: readonly PackageEntry[]): readonly string[] {
  return entries.map(({ name }) => name);
}

function found(hits: readonly SearchHit[]): readonly string[] {
  return hits.map(({ entry: { name }, match }) => `${name} ${match}`);
}

let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), "package-index-"));
});
after(() => rmSync(directory, { recursive: true, force: true }));

let count = 0;
function newPath(): string {
  return join(directory, String(++count), "index.db");
}

function withIndex<T>(entries: readonly PackageEntry[], work: (index: PackageIndex) => T): T {
  const path = newPath();
  write(path, entries);
  const index = openPackageIndex(path);
  assert.ok(index !== null);
  try {
    return work(index);
  } finally {
    index.close();
  }
}

describe("createIndexWriter()", () => {
  it("gives back what was added when it is opened again", () => {
    const entries = [entry("trurl", { links: ["trurl", "url"] }), entry("é\u{1f600}", { rank: 1 }), entry("zip")];
    withIndex(entries, (index) => {
      assert.deepEqual([...index.all()], entries);
      assert.deepEqual(index.meta, { ...META, entries: 3, packages: 3 });
      assert.equal(index.count(), 3);
    });
  });

  it("gives every entry when there are more than one page of them", () => {
    const entries = Array.from({ length: 1000 }, (_, number) => entry(`p${number}`));
    withIndex(entries, (index) => assert.deepEqual(names([...index.all()]), names(entries)));
  });

  it("lets other queries run while all() is being read", () => {
    withIndex([entry("a"), entry("b")], (index) => {
      for (const each of index.all()) assert.deepEqual(names(index.byName(each.name)), [each.name]);
    });
  });

  it("leaves the old index to readers until it is committed, and to those that opened it before", () => {
    const path = newPath();
    write(path, [entry("old")]);
    const early = openPackageIndex(path);
    const writer = createIndexWriter(path);
    writer.add(entry("new"));
    const middle = openPackageIndex(path);
    assert.deepEqual(names(middle?.byName("old") ?? []), ["old"]);
    writer.commit({ ...META, entries: 1 });
    const late = openPackageIndex(path);
    for (const index of [early, middle]) {
      assert.deepEqual(names([...(index?.all() ?? [])]), ["old"]);
      index?.close();
    }
    assert.deepEqual(names([...(late?.all() ?? [])]), ["new"]);
    late?.close();
    assert.deepEqual(readdirSync(join(path, "..")), ["index.db"]);
  });

  it("leaves the old index and nothing else when it is aborted", () => {
    const path = newPath();
    write(path, [entry("old")]);
    const bytes = readFileSync(path);
    const writer = createIndexWriter(path);
    writer.add(entry("new"));
    writer.abort();
    writer.abort();
    assert.deepEqual(readdirSync(join(path, "..")), ["index.db"]);
    assert.deepEqual(readFileSync(path), bytes);
  });

  it("does nothing when abort() comes after commit()", () => {
    const path = newPath();
    const writer = createIndexWriter(path);
    writer.commit(META);
    writer.abort();
    assert.ok(existsSync(path));
    assert.throws(() => writer.commit(META), Error);
  });

  it("leaves the old index when the process is killed before it commits", () => {
    const path = newPath();
    write(path, [entry("old")]);
    const module = join(import.meta.dirname, "../../src/index-database/package-index-writer.ts");
    const script = `
      const { createIndexWriter } = await import(${JSON.stringify(module)});
      const writer = createIndexWriter(${JSON.stringify(path)});
      for (let number = 0; number < 5000; number++) writer.add(${JSON.stringify(entry("new"))});
      process.kill(process.pid, "SIGKILL");
    `;
    const { signal } = spawnSync(process.execPath, ["--input-type=module", "--eval", script]);
    assert.equal(signal, "SIGKILL");
    const index = openPackageIndex(path);
    assert.deepEqual(names([...(index?.all() ?? [])]), ["old"]);
    index?.close();
  });

  it("removes what a killed process left behind an hour ago, and nothing younger", () => {
    const path = newPath();
    write(path, []);
    const long = join(path, "..", "index.db.1-a.draft");
    const fresh = join(path, "..", "index.db.1-b.draft");
    const foreign = join(path, "..", "other.db.1-a.draft");
    for (const file of [long, fresh, foreign]) writeFileSync(file, "");
    const past = Date.now() / 1000 - 2 * 3600;
    for (const file of [long, foreign]) utimesSync(file, past, past);
    createIndexWriter(path).abort();
    assert.deepEqual([long, fresh, foreign].map(existsSync), [false, true, true]);
  });

  it("removes its draft when the index cannot be put in place", () => {
    const path = newPath();
    const writer = createIndexWriter(path);
    writer.add(entry("new"));
    // A directory cannot be replaced by a file.
    createIndexWriter(join(path, "x")).abort();
    assert.throws(() => writer.commit(META), PkgError);
    writer.abort();
    assert.deepEqual(
      readdirSync(join(path, "..")).filter((name) => name.endsWith(".draft")),
      [],
    );
  });
});

describe("openPackageIndex()", () => {
  it("gives null when there is no file", () => assert.equal(openPackageIndex(newPath()), null));

  const damages: readonly (readonly [string, (path: string) => void])[] = [
    ["words", (path) => writeFileSync(path, "not a database, but long enough to look like one".repeat(100))],
    ["an empty file", (path) => writeFileSync(path, "")],
    ["cut in the middle", (path) => truncateSync(path, 8192)],
    ["another database", (path) => otherDatabase(path, "CREATE TABLE x (y)")],
    ["of another version", (path) => changeDatabase(path, "PRAGMA user_version = 99")],
    ["without its last record", (path) => changeDatabase(path, "DELETE FROM meta")],
    ["without a table", (path) => changeDatabase(path, "DROP TABLE names")],
    ["full of wrong bytes", overwriteMiddle],
    ["full of wrong entries", (path) => changeDatabase(path, "UPDATE blocks SET data = x'00'")],
    ["other than written", (path) => changeDatabase(path, "UPDATE blocks SET data = replace(data, 'p1', 'q1')")],
  ];
  for (const [name, damage] of damages) {
    it(`says what to type when the file is ${name}`, () => {
      const path = newPath();
      write(
        path,
        Array.from({ length: 200 }, (_, number) => entry(`p${number}`)),
      );
      damage(path);
      assert.throws(
        () => {
          const index = openPackageIndex(path);
          try {
            index?.search("p1", 10);
            index?.byName("p1");
            for (const _ of index?.all() ?? []);
          } finally {
            index?.close();
          }
        },
        (error) => {
          assert.ok(error instanceof PkgError, String(error));
          assert.equal(error.code, "DATABASE_INVALID");
          assert.match(error.hint ?? "", /pkg sync --force/);
          return true;
        },
      );
    });
  }
});

function otherDatabase(path: string, sql: string): void {
  rmSync(path);
  changeDatabase(path, sql);
}

function changeDatabase(path: string, sql: string): void {
  const database = openSqlite(path);
  database.exec(sql);
  database.close();
}

/** Keeps the first page, so that the damage shows only when the tables are read. */
function overwriteMiddle(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(0xa5, 4096);
  writeFileSync(path, bytes);
}

describe("PackageIndex.byName()", () => {
  const entries = [
    entry("Gh", { rank: 1 }),
    entry("gh", { version: "1", rank: 5 }),
    entry("gh", { version: "2", rank: 2, id: "other" }),
    entry("7z", { recipe: "7z.static", links: ["7z", "7za"] }),
    entry("busybox", { links: ["busybox", "ls", "gh", "Vi"] }),
    entry("coreutils", { links: ["ls", "cat"], rank: 1 }),
  ];
  for (const [name, expected] of [
    ["gh", ["gh", "gh"]],
    ["Gh", ["Gh"]],
    ["GH", ["Gh", "gh", "gh"]],
    ["7Z.Static", ["7z"]],
    ["7za", ["7z"]],
    ["ls", ["coreutils", "busybox"]],
    ["vi", ["busybox"]],
    ["g", []],
    ["", []],
    ["gh' OR '1'='1", []],
    ["%", []],
  ] as const) {
    it(`gives ${JSON.stringify(expected)} for "${name}"`, () => {
      withIndex(entries, (index) => assert.deepEqual(names(index.byName(name)), expected));
    });
  }

  it("gives the most popular first when several share a name", () => {
    withIndex(entries, (index) =>
      assert.deepEqual(
        index.byName("gh").map(({ version }) => version),
        ["2", "1"],
      ),
    );
  });

  it("keeps provided names apart when they are asked for", () => {
    withIndex(entries, (index) => {
      assert.deepEqual(names(index.byProvides("gh")), ["gh", "gh", "busybox"]);
      assert.deepEqual(names(index.byProvides("7z.static")), []);
    });
  });
});

describe("PackageIndex.elsewhere()", () => {
  const arm = entry("Trurl", { recipe: "trurl.static", host: "aarch64-linux", links: ["trurl", "url"] });
  const away = [arm, { ...arm, version: "2" }, { ...arm, host: "riscv64-linux" }];
  let made: string | undefined;
  const path = () => (made ??= newPath());
  function elsewhere(name: string): readonly string[] {
    const writer = createIndexWriter(path());
    writer.add(entry("zip"));
    for (const each of away) writer.addElsewhere(each);
    writer.commit({ ...META, entries: 1 });
    const index = openPackageIndex(path());
    try {
      assert.deepEqual(names([...(index?.all() ?? [])]), ["zip"]);
      assert.deepEqual(index?.byName("trurl"), []);
      assert.deepEqual(found(index?.search("trurl", 5) ?? []), []);
      return index?.elsewhere(name) ?? [];
    } finally {
      index?.close();
    }
  }
  for (const [name, expected] of [
    ["trurl", ["aarch64-linux", "riscv64-linux"]],
    ["URL", ["aarch64-linux", "riscv64-linux"]],
    ["trurl.static", ["aarch64-linux", "riscv64-linux"]],
    ["zip", []],
    ["other", []],
  ] as const) {
    it(`gives ${JSON.stringify(expected)} for "${name}" and no entry of another platform`, () => {
      assert.deepEqual(elsewhere(name), expected);
    });
  }
});

describe("PackageIndex.search()", () => {
  const entries = [
    entry("curl", { rank: 9, description: "Transfers data", tags: ["network"] }),
    entry("curl-impersonate", { rank: 2 }),
    entry("curlie", { rank: 1 }),
    entry("tiny", { rank: 1, links: ["curl"] }),
    entry("libcurl", { rank: 1 }),
    entry("wget", { rank: 1, description: "Like curl, but other" }),
    entry("aria2", { rank: 5, tags: ["Curling/Network"] }),
    entry("naïve", { description: "Ein Überblick 数据" }),
    entry("unranked-b", { downloads: 5, tags: ["same"] }),
    entry("unranked-a", { downloads: 5, tags: ["same"] }),
    entry("unranked-c", { downloads: 50, tags: ["same"] }),
    entry("ranked", { rank: 900, tags: ["same"] }),
  ];
  const table: readonly (readonly [string, readonly string[]])[] = [
    [
      "curl",
      [
        "curl name",
        "tiny provides",
        "curlie prefix",
        "curl-impersonate prefix",
        "libcurl substring",
        "wget description",
        "aria2 tag",
      ],
    ],
    [
      "CURL",
      [
        "curl name",
        "tiny provides",
        "curlie prefix",
        "curl-impersonate prefix",
        "libcurl substring",
        "wget description",
        "aria2 tag",
      ],
    ],
    [" curlie ", ["curlie name"]],
    ["same", ["ranked tag", "unranked-c tag", "unranked-a tag", "unranked-b tag"]],
    ["other like", ["wget description"]],
    ["wget other", ["wget description"]],
    ["trans dat", ["curl description"]],
    ["data network", ["curl tag"]],
    ["NAÏVE", ["naïve name"]],
    ["überblick", ["naïve description"]],
    ["数", ["naïve description"]],
    ["w", ["wget prefix"]],
    ["nothing-like-it", []],
    ["", []],
    ["   ", []],
  ];
  for (const [query, expected] of table) {
    it(`gives ${expected.length} hits in order for "${query}"`, () => {
      withIndex(entries, (index) => assert.deepEqual(found(index.search(query, 20)), expected));
    });
  }

  const foreign = [
    entry("kosoku", { description: "高速画像変換ツール" }),
    entry("hina", { description: "がぞうをへんかんする ｶﾞｿﾞｳ" }),
    entry("thai", { description: "โปรแกรมแปลงภาพความเร็วสูง" }),
    entry("画像変換", { description: "ＦＵＬＬ width" }),
    entry("café", { description: "Straße, ΟΔΥΣΣΕΎΣ, İstanbul" }),
    entry("hangul", { description: "빠른 터미널에뮬레이터입니다" }),
    entry("hindi", { description: "हिन्दी पाठ" }),
    entry("ripgrep"),
    entry("lib-foo"),
    entry("a.b_c"),
  ];
  const spoken: readonly (readonly [string, readonly string[]])[] = [
    ["画像", ["画像変換 prefix", "kosoku description"]],
    ["変換ツール", ["kosoku description"]],
    ["換", ["画像変換 substring", "kosoku description"]],
    ["速変", []],
    ["へんかん", ["hina description"]],
    ["かん", ["hina description"]],
    ["ガゾウ", ["hina description"]],
    ["カソウ", []],
    ["에뮬레이터", ["hangul description"]],
    ["\u1110\u1165\u1106\u1175\u1102\u1165\u11af", ["hangul description"]],
    ["ภาพ", ["thai description"]],
    ["เร็ว", ["thai description"]],
    ["full", ["画像変換 description"]],
    ["ｆｕｌｌ", ["画像変換 description"]],
    ["CAFE", ["café substring"]],
    ["cafe\u0301", ["café substring"]],
    ["STRASSE", ["café description"]],
    ["οδυσσευς", ["café description"]],
    ["istanbul", ["café description"]],
    ["हिन्दी", ["hindi description"]],
    ["rip-grep", ["ripgrep substring"]],
    ["Rip_Grep", ["ripgrep substring"]],
    ["libfoo", ["lib-foo substring"]],
    ["lib foo", ["lib-foo substring"]],
    ["abc", ["a.b_c substring"]],
  ];
  for (const [query, expected] of spoken) {
    it(`finds ${expected.length} for "${query}", as people write it`, () => {
      withIndex(foreign, (index) => {
        assert.deepEqual(found(index.search(query, 20)), expected);
        assert.equal(index.countMatches(query), expected.length);
      });
    });
  }

  it("countMatches() counts what a limit leaves out, and each package once", () => {
    withIndex(entries, (index) => {
      assert.equal(index.search("curl", 2).length, 2);
      assert.deepEqual([index.countMatches("curl"), index.countMatches(null), index.countMatches(" ")], [7, 12, 0]);
    });
  });

  it("gives each package once, in its newest version, wherever that stands, and byName() every version", () => {
    const of = (version: string, more: Partial<PackageEntry> = {}) =>
      entry("tool", { version, tags: [`v${version.replaceAll(".", "x")}`, "word"], ...more });
    const versions = [of("1.9", { rank: 1 }), of("1.10", { libc: "glibc" }), of("1.8"), of("1.10", { libc: "musl" })];
    withIndex([...versions, entry("tool", { id: "another", version: "0.1" }), entry("tool2")], (index) => {
      const search = (query: string) => index.search(query, 20).map(({ entry: { id, version } }) => `${id} ${version}`);
      assert.deepEqual(search("tool"), ["example.tool 1.10", "another 0.1", "example.tool2 1.0"]);
      for (const query of ["word", "v1x10"]) assert.deepEqual(search(query), ["example.tool 1.10"]);
      assert.deepEqual(search("v1x9"), []);
      assert.deepEqual(search("ool"), ["example.tool 1.10", "another 0.1", "example.tool2 1.0"]);
      assert.equal(index.byName("tool").length, 5);
      assert.equal([...index.all()].length, 6);
    });
  });

  for (const limit of [0, 1, 2, 3, 5]) {
    it(`gives the best ${limit} when no more are wanted`, () => {
      withIndex(entries, (index) => {
        assert.deepEqual(found(index.search("curl", limit)), found(index.search("curl", 20)).slice(0, limit));
      });
    });
  }

  const hostile = [
    '"',
    '""',
    'curl"',
    '"curl" OR "wget"',
    "curl AND",
    "NOT curl",
    "curl NEAR wget",
    "NEAR(curl wget)",
    "text:curl",
    "words MATCH",
    "-curl",
    "^curl",
    "curl*",
    "(curl",
    "{a b}: c",
    "a + b",
    "'; DROP TABLE words; --",
    "\u0000curl",
    "%",
    "_",
    "*",
    "\\",
    "\ud800",
    "x".repeat(100_000),
    "word ".repeat(10_000),
    "optimize",
  ];
  it("reads no query as syntax", () => {
    withIndex(entries, (index) => {
      for (const query of hostile) {
        for (const hit of index.search(query, 5)) assert.ok(hit.entry.name.length > 0);
      }
      assert.deepEqual(found(index.search("curl NOT wget", 5)), []);
      assert.deepEqual(found(index.search("curl OR wget", 5)), []);
      assert.equal(index.search("curl", 20).length, 7);
    });
  });
});

describe("PackageIndex.suggest()", () => {
  it("gives the nearest names as they are written", () => {
    withIndex([entry("Trurl"), entry("curl"), entry("zip"), entry("box", { links: ["wget"] })], (index) => {
      assert.deepEqual(index.suggest("trul", 3), ["Trurl"]);
      assert.deepEqual(index.suggest("wgte", 3), ["wget"]);
      assert.deepEqual(index.suggest("something-else", 3), []);
    });
  });
});

describe("an index of 20,000 entries", () => {
  const path = () => join(directory, "large", "index.db");
  before(() => {
    const writer = createIndexWriter(path());
    for (let number = 0; number < 20_000; number++) {
      const word = number.toString(36);
      writer.add(
        entry(`tool-${word}`, {
          rank: number,
          description: `A tool to do ${word} and more with a file`,
          tags: ["tool", word],
        }),
      );
    }
    writer.commit({ ...META, entries: 20_000 });
  });

  for (const query of ["a", "to", "tool", "a tool", "zz", "zzzzzz", "file", "more with"]) {
    it(`answers "${query}" within 30 ms of processor time`, () => {
      const index = openPackageIndex(path());
      assert.ok(index !== null);
      // The best of several: the first ones read the file.
      const times = Array.from({ length: 5 }, () => {
        const start = process.cpuUsage();
        index.search(query, 20);
        const { user, system } = process.cpuUsage(start);
        return (user + system) / 1000;
      });
      index.close();
      assert.ok(Math.min(...times) < 30, `it took ${Math.min(...times)} ms`);
    });
  }
});
