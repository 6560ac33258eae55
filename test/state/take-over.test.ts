import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { INDEX_LIMITS, readIndex } from "../../src/index/read-index.ts";
import { readingFor } from "../../src/index/reading.ts";
import { openPackageIndex, type PackageIndex } from "../../src/index-database/package-index.ts";
import { createIndexWriter } from "../../src/index-database/package-index-writer.ts";
import { openSqlite } from "../../src/state/open-sqlite.ts";
import { createRandom } from "../support/file-mutations.ts";

const HOST = "x86_64-linux";
const HEX = "0123456789abcdef";

let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), "take-over-"));
});
after(() => rmSync(directory, { recursive: true, force: true }));

interface Counts {
  known: number;
  read: number;
  skipped: string[];
}

/** Reads a document into the index at `path`, as a sync does; `pieceBytes` at a time. */
async function read(path: string, document: string, { takesOver = true, pieceBytes = 700 } = {}): Promise<Counts> {
  const writer = createIndexWriter(path, takesOver ? readingFor(HOST) : null);
  const counts: Counts = { known: 0, read: 0, skipped: [] };
  const bytes = Buffer.from(document);
  const source = (async function* () {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  })();
  try {
    const { entries, form, format } = await readIndex(source, {
      ...{ host: HOST, limits: INDEX_LIMITS, known: writer.known, stamps: true },
      onEntry: (entry, _written, stamp) => {
        counts.read++;
        writer.add(entry, stamp);
      },
      onElsewhere: (entry, stamp) => {
        counts.read++;
        writer.addElsewhere(entry, stamp);
      },
      onKnown: (element) => {
        counts.known++;
        writer.keep(element);
      },
      onSkipped: (reason) => counts.skipped.push(reason),
    });
    const asked = { url: "https://example.org", etag: null, lastModified: null, syncedAtMs: 0, keyId: null };
    writer.commit({
      ...{ ...asked, checkedBy: "", trust: null, entries, skipped: counts.skipped.length, format },
      readAs: readingFor(HOST)(form),
    });
  } catch (error) {
    writer.abort();
    throw error;
  }
  return counts;
}

type Fields = Readonly<Record<string, unknown>>;

const WORDS = ["archive", "stream", "editor", "Überblick", "parser", "高速画像", "shell", "a-b", "x]},{[y", '\\"{'];

type Random = ReturnType<typeof createRandom>;

function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[random(items.length)];
  assert.ok(item !== undefined);
  return item;
}

/** An entry of the first generation; names repeat, so that there are several versions and packages of one name. */
function makeFields(random: Random): Fields {
  const name = `${pick(random, ["tool", "Lib", "é"])}-${random(30)}`;
  const hex = Array.from({ length: 64 }, () => HEX[random(16)]).join("");
  return {
    pkg: `${name}.static`,
    ...{ pkg_name: name, pkg_id: pick(random, ["a.example", "b.example"]), pkg_type: "static" },
    ...{ version: `${random(3)}.${random(3)}`, description: `A ${pick(random, WORDS)} ${pick(random, WORDS)}` },
    ghcr_pkg: `ghcr.io/tools/x/${random(1000)}:1`,
    ...{ shasum: hex, tag: [pick(random, WORDS)], provides: [name, `run-${random(40)}`] },
    ...(random(2) === 0 ? { rank: String(random(20)) } : { download_count: String(random(5)) }),
  };
}

/** Elements as they are written; some of them cannot be used. */
function makeElement(random: Random): string {
  const kind = random(20);
  if (kind === 0) return pick(random, ["7", "null", '{"pkg":1}', "[{}]", '{"pkg":"a","pkg":"b"}', "[[[[{}]]]]"]);
  return JSON.stringify(makeFields(random), null, kind === 1 ? 1 : 0);
}

function edited(random: Random, elements: readonly string[]): readonly string[] {
  const after = [...elements];
  for (let left = 1 + random(6); left > 0; left--) {
    const at = random(after.length);
    const other = random(after.length);
    const element = after[at] ?? "";
    switch (random(7)) {
      case 0:
        after.splice(at, 1);
        break;
      case 1:
        after.splice(at, 0, makeElement(random));
        break;
      case 2:
        after[at] = makeElement(random);
        break;
      case 3:
        after.splice(other, 0, ...after.splice(at, 1));
        break;
      case 4:
        after.splice(other, 0, element);
        break;
      // The same package in the same version, written otherwise, before or after the other.
      case 5:
        after.splice(other, 0, element.replace('"description":"A', '"description":"Another'));
        break;
      default:
        after[at] = element.replace(/"version":"\d+/, `"version":"${random(4)}`);
    }
  }
  return after;
}

const QUERIES = [
  "tool",
  "tool-1",
  "run-7",
  "stream",
  "arch ed",
  "überblick",
  "像",
  "lib",
  "é-2",
  "a",
  "b-1",
  "nothing",
];

/** All that an index says, and the rows that follow from its entries. */
function contentOf(path: string): unknown {
  const index = openPackageIndex(path);
  assert.ok(index !== null);
  const rows = openSqlite(path, { readonly: true });
  try {
    const { readAs: _, ...meta } = index.meta;
    return {
      ...{
        meta,
        all: [...index.all()],
        names: [...index.names()],
        searches: QUERIES.map((query) => searched(index, query)),
      },
      byName: [...index.names(), "tool-3.static", "run-5", "TOOL-7"].map((name) => index.byName(name)),
      ...{ suggested: index.suggest("toll-3", 5), elsewhere: [...index.names()].map((name) => index.elsewhere(name)) },
      tables: ["names", "words", "newest"].map((table) => rows.prepare(`SELECT * FROM ${table}`).all()),
      ranking: rows.prepare("SELECT page, names, squashed, others FROM ranking").all(),
      elements: rows.prepare("SELECT records FROM elements").all(),
    };
  } finally {
    index.close();
    rows.close();
  }
}

function searched(index: PackageIndex, query: string): unknown {
  return [index.countMatches(query), index.search(query, 10)];
}

function listOf(elements: readonly string[]): string {
  return `[${elements.join(",")}]`;
}

describe("what is the same is taken over", () => {
  for (const seed of [1, 2]) {
    it(`gives the index that reading all of it gives, whatever was edited (seed ${seed})`, async () => {
      const random = createRandom(seed);
      const [kept, fresh] = [join(directory, `kept-${seed}.db`), join(directory, `fresh-${seed}.db`)];
      let elements: readonly string[] = Array.from({ length: 60 }, () => makeElement(random));
      await read(kept, listOf(elements));
      for (let step = 0; step < 10; step++) {
        elements = edited(random, elements);
        const pieceBytes = pick(random, [1, 37, 700, 100_000]);
        const over = await read(kept, listOf(elements), { pieceBytes });
        const anew = await read(fresh, listOf(elements), { takesOver: false });
        assert.deepEqual(over.skipped, anew.skipped);
        assert.deepEqual(contentOf(kept), contentOf(fresh), `step ${step}`);
      }
    });
  }

  it("reads only what is new, and nothing where all is the same in another order", async () => {
    const path = join(directory, "counted.db");
    const elements = Array.from({ length: 50 }, (_, number) =>
      JSON.stringify({ ...makeFields(createRandom(number)), pkg_name: `p${number}` }),
    );
    assert.deepEqual(await read(path, listOf(elements)), { known: 0, read: 50, skipped: [] });
    const turned = await read(path, ` [ ${elements.toReversed().join(" ,\n ")} ] `);
    assert.deepEqual(turned, { known: 50, read: 0, skipped: [] });
    const changed = elements.with(7, (elements[7] ?? "").replace("A ", "Another "));
    assert.deepEqual(await read(path, listOf(changed)), { known: 49, read: 1, skipped: [] });
    const object = await read(path, `{"format":1,"packages":${listOf(changed)}}`);
    assert.equal(object.known, 0, "the same bytes mean something else in another form");
  });

  it("keeps blocks of which most is gone small", async () => {
    const path = join(directory, "blocks.db");
    const elements = Array.from({ length: 400 }, (_, number) =>
      JSON.stringify({ ...makeFields(createRandom(number)), pkg_name: `p${number}` }),
    );
    await read(path, listOf(elements));
    await read(path, listOf(elements.filter((_, number) => number % 3 === 0)));
    const database = openSqlite(path, { readonly: true });
    assert.deepEqual(database.prepare("SELECT sum(entries) AS entries FROM blocks").get(), { entries: 134 });
    database.close();
  });

  it("refuses what is damaged in the index in place with DATABASE_INVALID", async () => {
    const path = join(directory, "damaged.db");
    const elements = Array.from({ length: 300 }, (_, number) =>
      JSON.stringify({ ...makeFields(createRandom(number)), pkg_name: `p${number}` }),
    );
    await read(path, listOf(elements));
    const whole = readFileSync(path);
    for (const sql of [
      "UPDATE names SET numbers = x'ff'",
      "UPDATE words SET keys = '{'",
      "DELETE FROM blocks",
      "UPDATE facts SET facts = x''",
    ]) {
      writeFileSync(path, whole);
      const database = openSqlite(path);
      database.exec(sql);
      database.close();
      const reading = read(path, listOf(elements.slice(1)));
      if (sql.includes("facts")) assert.equal((await reading).known, 0, "what cannot be opened is not used");
      else await assert.rejects(reading, (error) => hasCode(error, "DATABASE_INVALID"), sql);
    }
  });
});
