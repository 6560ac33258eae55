import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isSafeName } from "../../src/package/names.ts";
import { linksFor, parseProvide } from "../../src/package/provides.ts";
import { REAL_INDEX } from "../support/real-data.ts";

test("linksFor() makes no link for a name that is not a plain file name, whichever decoder it came from", () => {
  const names = ["../x", "a/b", "..", ".", "", "-rf", ".bashrc", "a\0b", "a b", "a\u202eb", "x".repeat(129)];
  for (const bad of names) {
    const provides = [
      { program: "a", links: [bad] },
      { program: "main", links: ["main", bad] },
    ];
    const request = { name: "main", main: "main", provides };
    assert.deepEqual(linksFor(request, ["a", "main"]), [{ title: "main", link: "main" }], bad);
    assert.deepEqual(linksFor({ name: bad, main: "main", provides: [] }, ["main"]), [], bad);
  }
});

test("linksFor() gives a link that two files claim to the first", () => {
  const provides = ["a==x", "b==x"].flatMap((text) => parseProvide(text) ?? []);
  assert.deepEqual(linksFor({ name: "a", main: "a", provides }, ["a", "b"]), [
    { title: "a", link: "a" },
    { title: "a", link: "x" },
    { title: "b", link: "b" },
  ]);
});

const { skip } = REAL_INDEX;

interface RealEntry {
  readonly pkg_name: string;
  readonly ghcr_files: readonly string[];
  readonly provides?: readonly string[];
}

test("linksFor() links each program of a real index, only by files it has and by safe names", { skip }, () => {
  const entries: readonly RealEntry[] = JSON.parse(readFileSync(REAL_INDEX.where, "utf8"));
  for (const { pkg_name: name, ghcr_files: titles, provides = [] } of entries) {
    const decoded = provides.map((text) => parseProvide(text) ?? assert.fail(`${name} provides ${text}`));
    const links = linksFor({ name, main: name, provides: decoded }, titles);
    assert.ok(
      links.some(({ title }) => title === name),
      name,
    );
    for (const { link, title } of links) assert.ok(isSafeName(link) && titles.includes(title), `${link} of ${name}`);
  }
});
