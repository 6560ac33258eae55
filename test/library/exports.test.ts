import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const SOURCES = join(import.meta.dirname, "../../src");
const EXPORT = /^export (?:type )?\{([^}]*)\} from "\.\/([^"]+)";/gm;

/** Each exported name of the library, and the file that declares it. */
const EXPORTS = [...read("library.ts").matchAll(EXPORT)].flatMap(([, names = "", file = ""]) =>
  names
    .split(",")
    .map((name) => name.trim().replace(/^type /, ""))
    .filter((name) => name !== "")
    .map((name) => ({ name, file })),
);

test("every export of the library is declared with a docstring", () => {
  assert.ok(EXPORTS.length > 50);
  const bare = EXPORTS.filter(({ name, file }) => !declarationOf(name, file).isDocumented);
  assert.deepEqual(
    bare.map(({ name, file }) => `${file}: ${name}`),
    [],
  );
});

test("what a signature of the library names is exported too", () => {
  const exported = new Set(EXPORTS.map(({ name }) => name));
  const ours = new Set(
    globSync("**/*.ts", { cwd: SOURCES }).flatMap((file) =>
      [...read(file).matchAll(/^export (?:interface|type|class) (\w+)/gm)].map(([, name = ""]) => name),
    ),
  );
  const missing = EXPORTS.flatMap(({ name, file }) =>
    namedIn(declarationOf(name, file).text)
      .filter((other) => ours.has(other) && !exported.has(other))
      .map((other) => `${name} names ${other}`),
  );
  assert.deepEqual([...new Set(missing)], []);
});

function declarationOf(name: string, file: string): { readonly isDocumented: boolean; readonly text: string } {
  const source = read(file);
  const start = source.search(
    new RegExp(`^export (?:declare )?(?:async )?(?:function\\*?|const|interface|type|class) ${name}\\b`, "m"),
  );
  assert.ok(start >= 0, `${file} declares no ${name}`);
  const text = source.slice(start);
  const isBody = /^export (?:async )?(?:function|const)/.test(text);
  return {
    isDocumented: source.slice(0, start).trimEnd().endsWith("*/"),
    // Of a function its head alone; of a type all of it.
    text: isBody ? text.slice(0, text.search(/ \{\n|;\n/)) : text.slice(0, text.search(/^\}|;\n\n/m)),
  };
}

/** Type names, comments left aside. */
function namedIn(text: string): readonly string[] {
  return [...text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "").matchAll(/\b[A-Z]\w+\b/g)].map(([name]) => name);
}

function read(file: string): string {
  return readFileSync(join(SOURCES, file), "utf8");
}
