import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { withoutComments } from "../support/import-graph.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Functions of Node that open, create or change something by its path. `src/fs/` alone uses them: there a new file gets a
 * name that nobody can guess and is opened exclusively, and a FIFO is never waited for.
 */
const OPENING =
  /\b(?:open|openSync|openAsBlob|opendir|opendirSync|readFile|readFileSync|writeFile|writeFileSync|appendFile|appendFileSync|createReadStream|createWriteStream|copyFile|copyFileSync|cp|cpSync|mkdir|mkdirSync|mkdtemp|mkdtempSync|mkdtempDisposable|mkdtempDisposableSync|chmod|chmodSync|lchmod|lchmodSync|chown|chownSync|lchown|lchownSync|truncate|truncateSync|watchFile)\b/;
/** A mode is changed through a handle, never by path; nothing is copied by path; nothing is opened with "w" or "a". */
const BY_PATH =
  /\b(?:l?ch(?:mod|own)(?:Sync)?|copyFile(?:Sync)?|cp(?:Sync)?|writeFile(?:Sync)?|appendFile(?:Sync)?|createWriteStream|mkdtemp(?:Sync)?)\b/;
const IMPORT = /import\s+(?:type\s+)?([^;]*?)\s+from\s+"node:fs(?:\/promises)?"/g;

interface Breach {
  readonly what: string;
  readonly found: RegExp;
  readonly except: readonly string[];
}

const BREACHES: readonly Breach[] = [
  { what: "everything of node:fs", found: /import\s+(?:\*\s+as\s+\w+|\w+)\s+from\s+"node:fs/, except: [] },
  { what: "fs without an import", found: /\b(?:require|import|getBuiltinModule)\(\s*"(?:node:)?fs\b/, except: [] },
  // The owner of a file, of which the name says whether it still runs; 64 random bits follow.
  { what: "process.pid in a name", found: /\$\{[^}]*process\.pid/, except: ["src/base/process-alive.ts"] },
  { what: 'a flag that follows links, "w" or "a"', found: /flags?:\s*"(?:w|a|w\+|a\+)"/, except: [] },
];

/** Changes modes and owners by a path below /proc/self/fd, which means what was opened. */
const THROUGH_HANDLE = "src/fs/through-handle.ts";

function breaches(path: string, source: string): readonly string[] {
  if (path === THROUGH_HANDLE) return [];
  const code = withoutComments(source);
  const inFs = path.startsWith("src/fs/");
  const names = [...code.matchAll(IMPORT)].flatMap(([whole, list = ""]) =>
    whole.startsWith("import type") ? [] : [list],
  );
  const imported = names.filter((list) => (inFs ? BY_PATH : OPENING).test(list.replaceAll(/\btype \w+/g, "")));
  const others = BREACHES.filter(({ found, except }) => found.test(code) && !except.includes(path));
  return [...imported.map((list) => `${path} imports ${list}`), ...others.map(({ what }) => `${path} uses ${what}`)];
}

describe("files are opened, made and changed in src/fs/ alone", () => {
  test("the sources keep to that", () => {
    const paths = globSync("src/**/*.ts", { cwd: ROOT });
    assert(paths.length > 300);
    const found = paths.flatMap((path) => breaches(path, readFileSync(`${ROOT}/${path}`, "utf8")));
    assert.deepEqual(found, []);
  });

  for (const [path, source] of [
    ["src/oci-tools/x.ts", 'import { writeFileSync } from "node:fs";'],
    ["src/oci-tools/x.ts", 'import { type FileHandle, open } from "node:fs/promises";'],
    ["src/state/x.ts", 'import { rename, readFile } from "node:fs/promises";'],
    ["src/state/x.ts", 'import * as fs from "node:fs";'],
    ["src/state/x.ts", 'const fs = await import("node:fs");'],
    ["src/fs/x.ts", 'import { chmodSync } from "node:fs";'],
    ["src/fs/x.ts", 'import { copyFile } from "node:fs/promises";'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
    ["src/fs/x.ts", "const path = `${target}.${process.pid}.part`;"],
    ["src/fs/x.ts", 'stream(path, { flags: "a" });'],
  ] as const) {
    test(`this breach is found: ${source}`, () => assert.equal(breaches(path, source).length, 1));
  }

  test("what opens nothing is no breach", () => {
    assert.deepEqual(breaches("src/state/x.ts", 'import { lstat, rename } from "node:fs/promises";'), []);
    assert.deepEqual(breaches("src/state/x.ts", 'import type { FileHandle } from "node:fs/promises";'), []);
    assert.deepEqual(breaches("src/fs/x.ts", 'import { openSync, mkdirSync } from "node:fs";'), []);
  });
});
