import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { INDEX_LIMITS, readIndex } from "../../src/index/read-index.ts";
import { readingFor } from "../../src/index/reading.ts";
import { openPackageIndex } from "../../src/index-database/package-index.ts";
import { createIndexWriter, type IndexRuns } from "../../src/index-database/package-index-writer.ts";
import { createIndexThreads, type IndexThreads, startIndexWorker } from "../../src/repositories/index-threads.ts";
import { openSqlite } from "../../src/state/open-sqlite.ts";
import { v1Entry, v1Header } from "../support/v1-index.ts";

const HOST = "x86_64-linux";
const SIZES = { first: 2000, run: 1000 };
const LIMITS = { ...INDEX_LIMITS, maxElementBytes: 2000 };

let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), "index-threads-"));
});
after(() => rmSync(directory, { recursive: true, force: true }));

function element(number: number, more: object = {}): string {
  const name = `tool-${number}`;
  return JSON.stringify({
    ...{ pkg: number % 3 === 0 ? `${name}.static` : name, pkg_name: name, pkg_id: "a.example", version: "1.0" },
    ...{
      ghcr_pkg: `ghcr.io/tools/${number}:1`,
      description: `A ${number % 2 === 0 ? "stream" : "Überblick"} ${number}`,
    },
    ...{ host: HOST, provides: [name, `run-${number % 7}`], tag: ["shell"], rank: String(number % 5), ...more },
  });
}

/** Every kind of element that a document may have; some are older versions, some repeat what is far before them. */
function elements(count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => {
    if (number % 17 === 5) return element(number, { version: 7 });
    if (number % 19 === 7) return element(number % 40, { version: `1.${(number % 40) % 11}` });
    if (number % 23 === 9) return element(number, { description: "x".repeat(3000) });
    if (number % 29 === 3) return '{"pkg":"a","pkg":"b"}';
    return element(number % 31 === 4 ? number - 1 : number, { version: `1.${number % 11}` });
  });
}

interface Readers {
  readonly threads: IndexThreads;
  /** Resolves once the thread can be sent something. */
  readonly ready: Promise<void>;
}

interface Reading {
  readonly document: string;
  /** Null: elements are read one by one. */
  readonly readers: ((runs: IndexRuns) => Readers) | null;
  readonly limits?: typeof LIMITS;
  readonly takesOver?: boolean;
}

/** Reads a document into the index at `path`; from a third of it on, once the thread is there if one was started. */
async function read(path: string, { document, readers, limits = LIMITS, takesOver = false }: Reading) {
  const writer = createIndexWriter(path, takesOver ? readingFor(HOST) : null);
  const { threads: runs, ready } = readers?.(writer.runs) ?? {};
  const said: string[] = [];
  const bytes = Buffer.from(document);
  const source = (async function* () {
    for (let at = 0; at < bytes.length; at += 700) {
      yield bytes.subarray(at, at + 700);
      if (at > bytes.length / 3) await ready;
      // What the thread says is heard.
      await setImmediate();
    }
  })();
  try {
    const {
      header: _,
      form,
      ...counts
    } = await readIndex(source, {
      ...{ host: HOST, limits, known: writer.known, stamps: true, ...(runs === undefined ? {} : { runs }) },
      onEntry: (entry, _written, stamp) => writer.add(entry, stamp),
      onElsewhere: (entry, stamp) => writer.addElsewhere(entry, stamp),
      onKnown: (known) => writer.keep(known),
      onSkipped: (reason) => said.push(reason),
    });
    const asked = { url: "https://example.org", etag: null, lastModified: null, syncedAtMs: 0, keyId: null };
    writer.commit({ ...asked, checkedBy: "", trust: null, ...counts, readAs: readingFor(HOST)(form) });
  } catch (error) {
    writer.abort();
    said.push(String(error));
  } finally {
    runs?.close();
  }
  return said;
}

/** All that an index says, and the rows that follow from its entries; blocks are filled by whoever has entries for them. */
function contentOf(path: string): unknown {
  const index = openPackageIndex(path);
  assert.ok(index !== null);
  const rows = openSqlite(path, { readonly: true });
  try {
    return {
      ...{ meta: index.meta, all: [...index.all()], elsewhere: index.elsewhere("tool-2") },
      tables: ["names", "words", "newest", "elements", "elsewhere"].map((table) =>
        rows.prepare(`SELECT * FROM ${table}`).all(),
      ),
      ranking: rows.prepare("SELECT page, names, squashed, others FROM ranking").all(),
    };
  } finally {
    index.close();
    rows.close();
  }
}

let sent = 0;

/** The real thread; what it is sent is counted. */
function counted(runs: IndexRuns): Readers {
  const { threads, ready } = readersWith(runs, startIndexWorker);
  const read: IndexThreads["read"] = (parts, context) => {
    const reading = threads.read(parts, context);
    if (reading instanceof Promise) sent++;
    return reading;
  };
  return { threads: { ...threads, read }, ready };
}

/** A thread that fails once it is sent something. */
function failing(runs: IndexRuns): Readers {
  const code = `const { parentPort } = require("node:worker_threads");
    parentPort.on("message", () => { throw new Error("lost"); });
    parentPort.postMessage({ kind: "ready" });`;
  return readersWith(runs, () => new Worker(code, { eval: true }));
}

function readersWith(runs: IndexRuns, start: () => Worker): Readers {
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const startTold = () => start().once("message", () => resolve());
  return { threads: createIndexThreads(runs, { sizes: SIZES, start: startTold }), ready };
}

function without(runs: IndexRuns): Readers {
  return { threads: createIndexThreads(runs, { sizes: SIZES, start: () => null }), ready: Promise.resolve() };
}

const list = (items: readonly string[]) => `[${items.join(",\n")}]`;

describe("createIndexThreads()", () => {
  const document = list(elements(300));
  const hosts = ["x86_64-Linux", "aarch64-Linux", "riscv64-Linux"];
  const signed = JSON.stringify({
    ...v1Header(),
    packages: Array.from({ length: 60 }, (_, number) =>
      v1Entry(`tool-${number % 50}`, { host: hosts[number % hosts.length] }),
    ),
  });

  it("gives the index that reading one element after the other gives, whatever reads each run", async () => {
    const path = join(directory, "one.db");
    const said = await read(path, { document, readers: null });
    const expected = contentOf(path);
    assert.ok(
      said.length > 40 && said.some((reason) => /^entry 65 "tool-24": is there twice/.test(reason)),
      said.join("\n"),
    );
    sent = 0;
    for (const readers of [counted, failing, without]) {
      const { name } = readers;
      const other = join(directory, `${name}.db`);
      assert.deepEqual(await read(other, { document, readers }), said, name);
      assert.deepEqual(contentOf(other), expected, name);
    }
    assert.ok(sent > 0, "no run was read on the thread");
  });

  it("tells of other platforms whatever reads them", async () => {
    const [one, other] = [join(directory, "signed.db"), join(directory, "signed-thread.db")];
    const said = await read(one, { document: signed, readers: null });
    assert.deepEqual(await read(other, { document: signed, readers: counted }), said);
    assert.deepEqual(contentOf(other), contentOf(one));
    const index = openPackageIndex(other);
    assert.deepEqual(index?.elsewhere("tool-1"), ["aarch64-linux"]);
    index?.close();
  });

  it("looks for nothing that is known once most of an index is new, and reads the same", async () => {
    const [over, anew] = [join(directory, "over.db"), join(directory, "anew.db")];
    await read(over, { document, readers: null });
    const changed = list(elements(300).map((text, number) => (number % 9 === 0 ? text : text.replace("A ", "An "))));
    const said = await read(anew, { document: changed, readers: null });
    assert.deepEqual(await read(over, { document: changed, readers: counted, takesOver: true }), said);
    assert.deepEqual(contentOf(over), contentOf(anew));
  });

  it("says what is wrong in the order of the document, up to what ends it", async () => {
    const path = join(directory, "bad.db");
    for (const { text, limits } of [
      { text: `${document.slice(0, -1)},,${document.slice(1)}`, limits: LIMITS },
      { text: document.slice(0, -20), limits: LIMITS },
      { text: document, limits: { ...LIMITS, maxEntries: 200 } },
      { text: document.slice(0, -20), limits: { ...LIMITS, maxEntries: 200 } },
    ]) {
      const said = await read(path, { document: text, readers: null, limits });
      assert.match(said.at(-1) ?? "", /^PkgError: Cannot read the index/);
      assert.deepEqual(await read(path, { document: text, readers: counted, limits }), said);
    }
  });
});
