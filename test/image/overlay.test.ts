import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type LayerEntry, layerFiles } from "../../src/image/layer-files.ts";
import { type Found, Overlay } from "../../src/image/overlay.ts";
import { endsSoon } from "../support/sync-limit.ts";

const FILE: LayerEntry = { kind: "file", mode: 0o755, size: 1 };
const DIRECTORY: LayerEntry = { kind: "directory" };
const link = (target: string): LayerEntry => ({ kind: "symlink", target });
const hard = (target: string): LayerEntry => ({ kind: "hard link", target });

type Layer = Readonly<Record<string, LayerEntry>>;

/** An image of these layers, the top one first; without the last ones it is not complete. */
function overlay(layers: readonly Layer[], isComplete = true): Overlay {
  const image = new Overlay();
  for (const layer of layers) {
    image.add(layerFiles(Object.entries(layer).map(([path, entry]) => ({ path, entry }))));
  }
  if (isComplete) image.complete();
  return image;
}

/** In short: where the file is and in which layer, or what else was found. */
function told(found: Found): string {
  return found.kind === "file" ? `${found.path} in ${found.layer}` : found.kind;
}

suite("Overlay.find()", () => {
  const cases: readonly (readonly [what: string, layers: readonly Layer[], path: string, found: string])[] = [
    ["a file of the top layer", [{ "usr/bin/uv": FILE }], "/usr/bin/uv", "usr/bin/uv in 0"],
    [
      "paths with a dot or a slash at their ends",
      [{ "./usr/bin/": DIRECTORY, "./usr/bin/uv": FILE }],
      "usr//bin/./uv/",
      "usr/bin/uv in 0",
    ],
    ["a file of a lower layer", [{}, { etc: DIRECTORY }, { uv: FILE }], "/uv", "uv in 2"],
    ["the topmost of two", [{ uv: FILE }, { uv: FILE }], "/uv", "uv in 0"],
    ["nothing", [{ a: FILE }], "/uv", "absent"],
    ["a directory, named or not", [{ usr: DIRECTORY, "opt/x/y": FILE }], "/usr", "directory"],
    ["a directory that only its files name", [{ "opt/x/y": FILE }], "/opt/x", "directory"],
    ["the root", [{}], "/../..", "directory"],
    ["a file that was removed", [{ ".wh.uv": FILE }, { uv: FILE }], "/uv", "absent"],
    ["a file that was removed and is there again", [{ ".wh.uv": FILE, uv: FILE }, { uv: FILE }], "/uv", "uv in 0"],
    [
      "a file of a directory that was removed",
      [{ "usr/.wh.bin": FILE }, { "usr/bin/uv": FILE }],
      "/usr/bin/uv",
      "absent",
    ],
    [
      "a directory that begins again",
      [{ "usr/bin/.wh..wh..opq": FILE, "usr/bin/a": FILE }, { "usr/bin/uv": FILE }],
      "/usr/bin/uv",
      "absent",
    ],
    [
      "the rest of it",
      [{ "usr/bin/.wh..wh..opq": FILE, "usr/bin/a": FILE }, { "usr/lib/uv": FILE }],
      "/usr/lib/uv",
      "usr/lib/uv in 1",
    ],
    ["a removal in a layer below", [{ uv: FILE }, { ".wh.uv": FILE }], "/uv", "uv in 0"],
    ["a directory that became a file", [{ bin: FILE }, { "bin/uv": FILE }], "/bin/uv", "absent"],
    [
      "a link beside it",
      [{ "usr/bin/uv": link("uv-1") }, { "usr/bin/uv-1": FILE }],
      "/usr/bin/uv",
      "usr/bin/uv-1 in 1",
    ],
    ["a link up", [{ "usr/bin/uv": link("../../opt/uv") }, { "opt/uv": FILE }], "/usr/bin/uv", "opt/uv in 1"],
    ["a link from the root", [{ "usr/bin/uv": link("/opt/uv"), "opt/uv": FILE }], "/usr/bin/uv", "opt/uv in 0"],
    ["a link out of the image", [{ uv: link("../../../../etc/passwd"), "etc/passwd": FILE }], "/uv", "etc/passwd in 0"],
    ["a link to nothing", [{ uv: link("gone") }], "/uv", "absent"],
    ["a circle of links", [{ a: link("b"), b: link("a") }], "/a", "absent"],
    [
      "a link up from where a directory really is",
      [
        {
          uv: link("/opt/now/../bin/uv"),
          "opt/now": link("/usr/local/x"),
          "opt/bin/uv": FILE,
          "usr/local/bin/uv": FILE,
        },
      ],
      "/uv",
      "usr/local/bin/uv in 0",
    ],
    [
      "a path up from there",
      [{ "opt/now": link("/usr/local/x"), "opt/uv": FILE, "usr/local/uv": FILE }],
      "/opt/now/../uv",
      "usr/local/uv in 0",
    ],
    [
      "a file that a layer writes through a link below",
      [{ "bin/uv": FILE }, {}, { bin: link("usr/bin"), "usr/bin/uv": FILE }],
      "/usr/bin/uv",
      "bin/uv in 0",
    ],
    [
      "one that is removed so",
      [
        { "bin/.wh.uv": FILE, "bin/a": FILE },
        { bin: link("usr/bin"), "usr/bin/uv": FILE },
      ],
      "/usr/bin/uv",
      "absent",
    ],
    [
      "one of a directory that took the place of the link",
      [{ "bin/uv": FILE }, { bin: DIRECTORY }, { bin: link("usr/bin") }],
      "/usr/bin/uv",
      "absent",
    ],
    ["a directory that is a link", [{ bin: link("usr/bin"), "usr/bin/uv": FILE }], "/bin/uv", "usr/bin/uv in 0"],
    [
      "a directory that is a link of a layer below",
      [{ "usr/bin/uv": FILE }, { bin: link("usr/bin") }],
      "/bin/uv",
      "usr/bin/uv in 0",
    ],
    ["a link through a link", [{ a: link("b/c") }, { b: link("d"), "d/c": FILE }], "/a", "d/c in 1"],
    ["a hard link", [{ uv: hard("./bin/uv"), "bin/uv": FILE }], "/uv", "bin/uv in 0"],
    ["a hard link to a hard link", [{ uv: hard("b"), b: hard("c"), c: FILE }, {}], "/uv", "c in 0"],
    [
      "a hard link to a symlink, which leads from the place of the hard link",
      [{ "bin/uv": hard("lib/s"), "lib/s": link("x"), "lib/x": DIRECTORY }, { "bin/x": FILE }],
      "/bin/uv",
      "bin/x in 1",
    ],
    ["a circle of hard links", [{ a: hard("b"), b: hard("a") }], "/a", "absent"],
    ["a hard link to a symlink to it", [{ a: hard("b"), b: link("a") }], "/a", "absent"],
    ["a hard link to another layer", [{ uv: hard("bin/uv") }, { "bin/uv": FILE }], "/uv", "absent"],
  ];
  for (const [what, layers, path, found] of cases) {
    test(`finds ${what}`, () => assert.equal(told(overlay(layers).find(path)), found));
  }

  const partial: readonly (readonly [what: string, layers: readonly Layer[], path: string, found: string])[] = [
    ["a file of the top layer at once", [{ "usr/bin/uv": FILE }], "/usr/bin/uv", "usr/bin/uv in 0"],
    ["what may be further below", [{ a: FILE }], "/uv", "unknown"],
    ["what was removed at once", [{ ".wh.uv": FILE }], "/uv", "absent"],
    ["where a link leads to that is further below", [{ uv: link("bin/uv") }], "/uv", "unknown"],
    ["a directory that may be a link further below", [{ ".wh.x": FILE }], "/x/y", "absent"],
  ];
  for (const [what, layers, path, found] of partial) {
    test(`tells ${what} while layers are missing`, () => {
      assert.equal(told(overlay(layers, false).find(path)), found);
    });
  }

  test("takes the last of two entries with one path", () => {
    const image = new Overlay();
    image.add(
      layerFiles([
        { path: "uv", entry: link("gone") },
        { path: "./uv", entry: FILE },
      ]),
    );
    assert.equal(told(image.find("/uv")), "uv in 0");
  });

  test("gives up on links that lead through too many links", () => {
    const deep = "d/".repeat(90);
    const links = Array.from({ length: 40 }, (_, index) => [
      `${deep}l${index}`,
      link(`l${index + 1}/../l${index + 1}`),
    ]);
    const layers: readonly Layer[] = [...Array.from({ length: 126 }, () => ({})), Object.fromEntries(links)];
    const image = overlay(layers);
    const look = () => {
      for (let count = 0; count < 100; count += 1) image.find(`${deep}l0/uv`);
    };
    endsSoon(() => assert.throws(look, { code: "ARCHIVE_INVALID", message: /lead through too many other links/ }));
  });

  test("follows at most 40 links on the way of one path, also where each leads through several", () => {
    const links = Array.from({ length: 30 }, (_, at) => [`d${at}`, link(at === 0 ? "/" : `d${at - 1}/../d${at - 1}`)]);
    const image = overlay([{ ...Object.fromEntries(links), uv: FILE }]);
    assert.equal(told(image.find("/d3/uv")), "uv in 0");
    endsSoon(() => assert.equal(told(image.find("/d29/uv")), "absent"));
  });

  test("takes a device for nothing, also where it hides a program", () => {
    const layers: readonly Layer[] = [{ uv: { kind: "special" } }, { uv: FILE, "dev/null": { kind: "special" } }];
    assert.deepEqual(
      [told(overlay(layers).find("/uv")), told(overlay(layers).find("/dev/null"))],
      ["absent", "absent"],
    );
  });

  test("names what is in a directory, wherever that is", () => {
    const layers: readonly Layer[] = [{ "usr/bin/uv": FILE }, { bin: link("usr/bin"), "usr/bin/sh": FILE, uvx: FILE }];
    assert.deepEqual([...overlay(layers).names("/bin")].toSorted(), ["sh", "uv"]);
    assert.deepEqual([...overlay(layers).names("/")].toSorted(), ["bin", "uvx"]);
    const through: readonly Layer[] = [{ "bin/uv": FILE }, { bin: link("usr/bin"), "usr/bin/sh": FILE }];
    assert.deepEqual([...overlay(through).names("/usr/bin")].toSorted(), ["sh", "uv"]);
  });
});
