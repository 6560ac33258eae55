import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type DocumentPart, readElements } from "../../src/index/elements.ts";

async function split(
  text: string | Buffer,
  options: { chunk?: number; max?: number } = {},
): Promise<readonly DocumentPart[]> {
  const bytes = Buffer.from(text);
  const size = options.chunk ?? bytes.length;
  const chunks = (async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  })();
  const parts: DocumentPart[] = [];
  for await (const some of readElements(chunks, { maxElementBytes: options.max ?? 1000 })) parts.push(...some);
  return parts;
}

function texts(parts: readonly DocumentPart[]): readonly string[] {
  return parts.map((part) => (part.kind === "element" ? part.bytes.toString() : part.kind));
}

const AWKWARD = [
  '{"a":"]}\\"[{","b":[1,{"c":"\\\\"}]}',
  '"a string, with \\" and \\\\"',
  "-1.5e3",
  "true",
  "null",
  "[]",
  "{}",
  '{"é":"\u{1f600}"}',
];

describe("readElements()", () => {
  const document = `\ufeff [ ${AWKWARD.join(" ,\n")} ]\n`;
  for (const chunk of [1, 2, 3, 5, 7, 16, 1000]) {
    it(`gives each element as it is when the text comes ${chunk} bytes at a time`, async () => {
      assert.deepEqual(texts(await split(document, { chunk })), AWKWARD);
    });
  }

  for (const chunk of [1, 4, 1000]) {
    it(`gives header and elements when the array is in an object that comes ${chunk} bytes at a time`, async () => {
      const parts = await split('{"format":1,"packages":[{"a":1},2],"made":{"by":"x"}}', { chunk });
      assert.deepEqual(texts(parts), ["header", '{"a":1}', "2", "header"]);
      assert.deepEqual(parts[0], { kind: "header", header: { format: 1 } });
      assert.deepEqual(parts[3], { kind: "header", header: { format: 1, made: { by: "x" } } });
    });
  }

  it("gives no element when the array is empty", async () => {
    assert.deepEqual(await split("[]"), []);
    assert.deepEqual(texts(await split('{"packages":[]}')), ["header", "header"]);
  });

  for (const chunk of [1, 50, 5000]) {
    it(`passes over an element that is too large when it comes ${chunk} bytes at a time`, async () => {
      const large = JSON.stringify({ text: "x".repeat(2000) });
      const parts = await split(`[{"a":1},${large},{"b":2}]`, { chunk, max: 100 });
      assert.deepEqual(texts(parts), ['{"a":1}', "oversized", '{"b":2}']);
      assert.deepEqual(parts[1], { kind: "oversized", bytes: large.length });
    });
  }

  it("keeps an element of just the allowed size", async () => {
    assert.deepEqual(texts(await split(`["${"x".repeat(98)}"]`, { max: 100 })), [`"${"x".repeat(98)}"`]);
    assert.deepEqual(texts(await split(`["${"x".repeat(99)}"]`, { max: 100 })), ["oversized"]);
  });

  it("does not hold an element that is too large", async () => {
    const piece = Buffer.alloc(1024 * 1024, "x");
    const source = (async function* () {
      yield Buffer.from('[{"text":"');
      for (let count = 0; count < 300; count++) yield Buffer.from(piece);
      yield Buffer.from('"}]');
    })();
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const watched = (async function* () {
      for await (const chunk of source) {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        yield chunk;
      }
    })();
    for await (const parts of readElements(watched, { maxElementBytes: 1000 }))
      for (const part of parts) assert.equal(part.kind, "oversized");
    assert.ok(most < 200 * 1024 * 1024, `${most} bytes were held`);
  });

  const refused: readonly (readonly [string, string])[] = [
    ["an empty text", ""],
    ["white space", " \n "],
    ["an array without end", "["],
    ["an array that ends after an element", '[{"a":1}'],
    ["an array that ends after a comma", '[{"a":1},'],
    ["an element without end", '[{"a":1},{"b":'],
    ["a string without end", '["abc'],
    ["a string that ends in a backslash", '["abc\\'],
    ["a number at the end", "[1"],
    ["a comma too many", "[1,]"],
    ["a comma too early", "[,1]"],
    ["two commas", "[1,,2]"],
    ["no comma", '[{"a":1} {"b":2}]'],
    ["a brace for a bracket", "[1}"],
    ["a second document", "[1] [2]"],
    ["bytes after the end", "[1]x"],
    ["a document in half and again", '[{"a":1},{"b"[{"a":1}]'],
    ["a word", "[nope, x]x"],
    ["no JSON", "[x]"],
    ["an object without packages", '{"message":"Not Found"}'],
    ["an empty object", "{}"],
    ["packages that are no array", '{"packages":{}}'],
    ["packages twice", '{"packages":[],"packages":[]}'],
    ["an object without end", '{"packages":[]'],
    ["a key without quotes", "{packages:[]}"],
    ["a key without colon", '{"packages" []}'],
    ["a member that is no JSON", '{"format":{1},"packages":[]}'],
    ["a comma too many in an object", '{"packages":[],}'],
    ["a scalar", "5"],
    ["a header without bounds", `{${Array.from({ length: 300 }, (_, n) => `"k${n}":1`).join(",")},"packages":[]}`],
  ];
  for (const [name, text] of refused) {
    for (const chunk of [1, 1000]) {
      it(`refuses ${name} that comes ${chunk} bytes at a time`, async () => {
        await assert.rejects(split(text, { chunk }), { code: "INDEX_INVALID" });
      });
    }
  }

  it("gives the elements before the place where the text breaks off", async () => {
    const found: string[] = [];
    const source = (async function* () {
      yield Buffer.from('[{"a":1},{"b":2},{"c":');
    })();
    await assert.rejects(async () => {
      for await (const parts of readElements(source, { maxElementBytes: 100 }))
        found.push(...Array.from(parts, ({ kind }) => kind));
    });
    assert.deepEqual(found, ["element", "element"]);
  });

  it("keeps a member named __proto__ a member", async () => {
    const [header] = await split('{"__proto__":{"format":1},"packages":[]}');
    assert.ok(header?.kind === "header");
    assert.equal(header.header["format"], undefined);
    assert.ok(Object.hasOwn(header.header, "__proto__"));
    assert.equal(Reflect.get({}, "format"), undefined);
  });
});
