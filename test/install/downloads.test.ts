import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { PACKINGS, pack } from "../archive/pack.ts";
import { tarOf } from "../archive/tar-builder.ts";
import { zipOf } from "../archive/zip-builder.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { staticProgram } from "../support/static-program.ts";
import { downloadWorld } from "./download-world.ts";

const skip = skipWithout("bzip2", "xz");
const says = (text: string) => `#!/bin/sh\necho ${text}\n`;
const run = (home: string, command: string) =>
  spawnSync(join(home, "bin", command), { encoding: "utf8" }).stdout.trim();

test("pkg install takes programs out of every kind of archive", { skip }, async (t) => {
  const tar = (name: string) =>
    tarOf(
      { path: `${name}-1.0-linux/`, type: "5" },
      { path: `${name}-1.0-linux/${name}`, body: says(name), mode: 0o755 },
      { path: `${name}-1.0-linux/README.md`, body: "words" },
    );
  const zip = (name: string) =>
    zipOf([
      { path: `${name}-1.0/${name}`, body: says(name) },
      { path: `${name}-1.0/LICENSE`, body: "words" },
    ]);
  const downloads = Object.fromEntries([
    ...PACKINGS.map((packing) => [`tar-${packing}`, { bytes: pack(tar(`tar-${packing}`), packing) }] as const),
    ...PACKINGS.filter((packing) => packing !== "none").map(
      (packing) => [`single-${packing}`, { bytes: pack(Buffer.from(says(`single-${packing}`)), packing) }] as const,
    ),
    ["zipped", { bytes: zip("zipped") }] as const,
    ["bare", { bytes: Buffer.from(says("bare")) }] as const,
  ]);
  const { home, pkg } = await downloadWorld(t, downloads);
  const names = Object.keys(downloads);
  const { code, stderr } = await pkg("install", ...names);
  assert.equal(code, 0, stderr);
  assert.deepEqual(readdirSync(join(home, "bin")), names.toSorted());
  for (const name of names) assert.equal(run(home, name), name);
  assert.equal((await pkg("verify")).code, 0);
  assert.equal((await pkg("install", "--reinstall", ...names)).code, 0);
  assert.equal((await pkg("remove", ...names)).code, 0);
  assert.deepEqual(readdirSync(join(home, "bin")), []);
});

const PROGRAMS = (...names: readonly string[]) =>
  names.map((path) => ({ path, body: says(path.slice(path.lastIndexOf("/") + 1)), mode: 0o755 }));

test("pkg install takes the files that an index maps out of an archive, with their aliases", async (t) => {
  const bytes = pack(
    tarOf(
      ...PROGRAMS("tool-1/tool_linux_amd64", "tool-1/unwanted"),
      { path: "tool-1/doc/tool.1", body: "words" },
      { path: "tool-1/doc/more/a", body: "a" },
      { path: "tool-1/latest", type: "2", target: "tool_linux_amd64" },
    ),
    "zstd",
  );
  const files = [
    { source: "tool_linux_amd64", to: "bin/mapped", alias: ["mp", "bin/mpp"] },
    { source: "tool-1/latest", to: "bin/latest" },
    { source: "doc/tool.1", to: "share/man/man1/mapped.1", alias: ["mp.1"] },
    { source: "doc/more", to: "share/doc" },
  ];
  const alone = [{ source: "", to: "bin/alone", alias: ["al"] }];
  const { home, pkg } = await downloadWorld(t, {
    mapped: { bytes, files },
    alone: { bytes: pack(Buffer.from(says("alone")), "gzip"), files: [...alone, { source: "", to: "share/a.gz" }] },
    plain: { bytes: Buffer.from(says("plain")), files: [{ to: "bin/other" }] },
  });
  const { code, stderr } = await pkg("install", "mapped", "alone", "plain");
  assert.equal(code, 0, stderr);
  assert.deepEqual(readdirSync(join(home, "bin")), ["al", "alone", "latest", "mapped", "mp", "mpp", "other"]);
  assert.deepEqual(
    [run(home, "mp"), run(home, "latest"), run(home, "al")],
    ["tool_linux_amd64", "tool_linux_amd64", "alone"],
  );
  const { stdout } = await pkg("files", "mapped");
  for (const path of ["bin/mpp", "share/man/man1/mp.1", "share/doc/a"]) assert.match(stdout, new RegExp(`/${path}`));
  assert.doesNotMatch(stdout, /unwanted/);
  assert.equal((await pkg("verify")).code, 0);
  const again = await pkg("install", "--reinstall", "mapped", "alone", "plain");
  assert.equal(again.code, 0, again.stderr);
  assert.equal((await pkg("remove", "mapped", "alone", "plain")).code, 0);
  assert.deepEqual(readdirSync(join(home, "bin")), []);
});

/** What is in an archive, what `provides` says, and the commands that it gets. */
const RULES: Readonly<
  Record<string, readonly [paths: readonly string[], provides: readonly string[], commands: readonly string[]]>
> = {
  named: [["named", "other"], [], ["named"]],
  listed: [["listed", "helper", "third"], ["helper"], ["helper", "listed"]],
  both: [["both"], ["both==second"], ["both", "second"]],
  instead: [["instead"], ["instead=>shown"], ["shown"]],
  alias: [
    ["alias", "x"],
    ["alias:al", "@x"],
    ["alias", "al", "x"],
  ],
  extra: [["extra", "y"], ["@y=>z"], ["extra", "z"]],
  only: [["anything-at-all"], [], ["only"]],
  variant: [["variant-x86_64", "uninstall"], [], ["variant"]],
  deep: [["usr/bin/deep", "usr/lib/x"], [], ["deep"]],
};

test("pkg install links the program that is named like the package, and what provides lists", async (t) => {
  const downloads = Object.entries(RULES).map(([name, [paths, provides]]) => {
    return [name, { bytes: pack(tarOf(...PROGRAMS(...paths)), "gzip"), provides }] as const;
  });
  const { home, pkg } = await downloadWorld(t, Object.fromEntries(downloads));
  const { code, stderr } = await pkg("install", ...Object.keys(RULES));
  assert.equal(code, 0, stderr);
  const commands = Object.values(RULES).flatMap(([, , names]) => names);
  assert.deepEqual(readdirSync(join(home, "bin")), commands.toSorted());
});

test("pkg install takes maps of whole directories, places that end with a slash, and archives that macOS packed", async (t) => {
  const bytes = pack(
    tarOf({ path: "./._d-1", body: "\0\x05\x16\x07" }, ...PROGRAMS("d-1/bin/aa", "d-1/bin/bb", "d-1/into"), {
      path: "d-1/share/words",
      body: "words",
    }),
    "gzip",
  );
  const zip = zipOf([
    { path: "mac-1/mac", body: says("mac") },
    { path: "__MACOSX/mac-1/._mac", body: "\0\x05\x16\x07" },
  ]);
  const { home, pkg } = await downloadWorld(t, {
    directory: {
      bytes,
      files: [
        { source: "bin", to: "bin" },
        { source: "share", to: "share/" },
      ],
    },
    slash: { bytes, files: [{ source: "into", to: "bin/", alias: ["in"] }] },
    mac: { bytes: zip, files: [{ source: "mac", to: "bin/mac" }] },
    whole: { bytes: zip },
  });
  const { code, stderr } = await pkg("install", "directory", "slash", "mac", "whole");
  assert.equal(code, 0, stderr);
  assert.deepEqual(readdirSync(join(home, "bin")), ["aa", "bb", "in", "into", "mac", "whole"]);
  assert.deepEqual([run(home, "in"), run(home, "whole")], ["into", "mac"]);
  const { stdout } = await pkg("files", "directory", "whole");
  assert.match(stdout, /share\/words/);
  assert.doesNotMatch(stdout, /\._/);
});

test("pkg install places what everyone may read and run, whatever the umask of the packer was", async (t) => {
  const { home, pkg } = await downloadWorld(t, {
    tarred: {
      bytes: tarOf({ path: "tarred", body: says("t"), mode: 0o700 }, { path: "doc", body: "words", mode: 0o600 }),
    },
    zipped: {
      bytes: zipOf([
        { path: "zipped", body: says("z"), mode: 0o600 },
        { path: "doc", body: "words", mode: 0o400 },
      ]),
    },
  });
  assert.equal((await pkg("install", "tarred", "zipped")).code, 0);
  for (const name of ["tarred", "zipped"]) {
    const program = realpathSync(join(home, "bin", name));
    const modes = [program, join(dirname(program), "doc")].map((path) => statSync(path).mode & 0o777);
    assert.deepEqual(modes, [0o755, 0o644]);
  }
});

test("pkg install says which download is not the one that the index describes", async (t) => {
  const { pkg, tree, json } = await downloadWorld(t, {
    other: { bytes: Buffer.from(says("other")), shasum: "0".repeat(64) },
    longer: { bytes: Buffer.from(says("longer")), size: 3 },
  });
  await pkg("sync");
  const before = tree();
  const { code, stderr } = await pkg("install", "other", "longer");
  assert.equal(code, 1);
  for (const [name, problem] of [
    ["other", 'expected digest "sha256:0+", found "sha256:\\w+"'],
    ["longer", "expected 3 bytes, (?:found more|the server announces 22)"],
  ]) {
    const line = new RegExp(`error: Cannot .*/${name}": ${problem}; the index of plain names it all the same`, "g");
    assert.equal([...stderr.matchAll(line)].length, 1, stderr);
  }
  assert.match(stderr, /hint: Run `pkg sync` later, or tell the publisher of plain/);
  assert.equal([...stderr.matchAll(/^error: /gm)].length, 2);
  assert.match(JSON.stringify(await json("install", "other")), /DIGEST_MISMATCH.*\/other/);
  assert.deepEqual(tree(), before);
});

test("pkg install refuses an archive without a program, and files that it does not hold, and says what there is", async (t) => {
  const bytes = pack(tarOf(...PROGRAMS("t-1/one", "t-1/two"), { path: "t-1/note", body: "x" }), "gzip");
  const { pkg, tree } = await downloadWorld(t, {
    words: { bytes: pack(tarOf({ path: "words", body: "words", mode: 0o755 }), "gzip") },
    several: { bytes },
    missing: { bytes, files: [{ source: "three", to: "bin/three" }] },
    none: { bytes: pack(tarOf({ path: "a", body: "words", mode: 0o755 }, { path: "b" }), "gzip") },
    twice: {
      bytes,
      files: [
        { source: "one", to: "bin/a" },
        { source: "two", to: "bin/a" },
      ],
    },
    inside: {
      bytes,
      files: [
        { source: "one", to: "bin" },
        { source: "two", to: "bin/a" },
      ],
    },
    packed: { bytes: pack(pack(tarOf(...PROGRAMS("x")), "gzip"), "gzip") },
    bare: { bytes: pack(tarOf({ path: "bare", body: "#!/bin/sh\n", mode: 0o644 }), "gzip") },
  });
  await pkg("sync");
  const before = tree();
  const { code, stderr } = await pkg(
    "install",
    "words",
    "several",
    "missing",
    "none",
    "twice",
    "inside",
    "packed",
    "bare",
  );
  assert.equal(code, 1);
  assert.match(stderr, /"words": "words" is a text file/);
  assert.match(stderr, /"several": its index entry names none of its programs "one", "two"/);
  assert.match(stderr, /"missing": expected "three" in its archive, .* found "t-1\/one"/);
  assert.match(stderr, /"none": it has no program in its archive/);
  assert.match(stderr, /"twice": its index entry places two files at "bin\/a"/);
  assert.match(stderr, /"inside": its index entry places two files at "bin"/);
  assert.match(stderr, /"packed": "packed" is a gzip archive, expected a program/);
  assert.match(stderr, /"bare": it has no program in its archive/);
  assert.deepEqual(tree(), before);
});

test("pkg info tells an AppImage, a FlatImage and a RunImage by their content", async (t) => {
  const image = (mark: string) => {
    const bytes = Buffer.from(staticProgram("image"));
    bytes.write(mark, 8, "latin1");
    return bytes;
  };
  const { json, pkg } = await downloadWorld(t, {
    app: { bytes: image("AI\x02"), pkg_type: "static" },
    nixed: { bytes: image("AI\x02"), pkg_type: "nixappimage" },
    flat: { bytes: image("FI\x01") },
    runs: { bytes: pack(image("RI\x02"), "zstd") },
    usual: { bytes: staticProgram("usual"), pkg_type: "static" },
    untold: { bytes: staticProgram("untold") },
    words: { bytes: Buffer.from(says("words")) },
    tree: { bytes: tarOf({ path: "tree", body: says("tree"), mode: 0o755 }, { path: "LICENSE", body: "words" }) },
  });
  const { code, stderr } = await pkg("install", "app", "nixed", "flat", "runs", "usual", "untold", "words", "tree");
  assert.equal(code, 0, stderr);
  const { packages } = JSON.parse((await pkg("list", "--json")).stdout);
  const types = Object.fromEntries(packages.map(({ name, type }: Record<string, string>) => [name, type]));
  assert.deepEqual(types, {
    app: "appimage",
    flat: "flatimage",
    nixed: "nixappimage",
    runs: "runimage",
    tree: "archive",
    untold: "static",
    usual: "static",
    words: "",
  });
  assert.match(JSON.stringify(await json("info", "app")), /"type":"appimage"/);
  assert.match((await pkg("info", "app")).stdout, /installed app 1\.0\n +type +appimage/);
});
