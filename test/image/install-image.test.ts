import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { zstdCompressSync } from "node:zlib";
import { digestOf } from "../../src/oci/digest.ts";
import { pax } from "../archive/tar-builder.ts";
import { skipWithout, startDockerRegistry } from "../support/docker-registry.ts";
import { runPkg } from "../support/run-pkg.ts";
import { staticProgram } from "../support/static-program.ts";
import { type Cleanup, tempDirectory, tempHome } from "../support/temp-home.ts";
import { type LayerContent, type TestImage, writeImages } from "./image-builder.ts";

const VERSION = "org.opencontainers.image.version";
const LABELS = {
  [VERSION]: "3.4",
  "org.opencontainers.image.description": "Two tools",
  "org.opencontainers.image.licenses": "MIT",
  "org.opencontainers.image.source": "https://example.com/tool",
};

/** An image of two programs above a base, one of them with a set-user-ID bit. */
function toolImage(text: string, config: object = {}): TestImage {
  const files = {
    "usr/bin/tool": staticProgram(text),
    "usr/bin/other": { body: staticProgram("other\n"), mode: 0o4755 },
  };
  const base = { "etc/os-release": "base", "bin/sh": staticProgram("sh\n"), "dev/null": { type: "3" } };
  return { layers: [{ files: base }, { files }], config: { Entrypoint: ["tool"], ...config } };
}

/** A home, a layout with images, and how to type something there; all of it has to end well. */
function worldOf(t: Cleanup, images: Readonly<Record<string, TestImage>>) {
  const [home, layout] = [tempHome(t), join(tempDirectory(t), "tools")];
  const digests = writeImages(layout, images);
  const pkg = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await runPkg(words, { home });
    assert.equal(code, 0, stderr);
    return { stdout, stderr };
  };
  const refused = async (...words: readonly string[]) => {
    const { code, stderr } = await runPkg(words, { home });
    assert.notEqual(code, 0);
    return stderr;
  };
  const started = (name: string, ...words: readonly string[]) => {
    const { stdout, stderr } = spawnSync(join(home, "bin", name), words, { encoding: "utf8" });
    return `${stdout}${stderr}`;
  };
  return { home, layout, digests, pkg, refused, started, at: (tag: string) => `oci:${layout}:${tag}` };
}

test("pkg install places the entrypoint's program, whose layers below are not read", async (t) => {
  const { home, layout, at, pkg, started } = worldOf(t, { "1.2.0": toolImage("hello\n", { Labels: LABELS }) });
  const [base = ""] = layersOf(layout);
  rmSync(join(layout, "blobs", "sha256", base));
  const { stdout } = await pkg("install", at("1.2.0"));
  assert.match(stdout, /^\+ tool 1\.2\.0 {3}/);
  assert.equal(started("tool"), "hello\n");
  assert.match((await pkg("verify")).stdout, /^ok tool 1\.2\.0/);
  assert.match((await pkg("files", "tool")).stdout, /tool\n.*bin\/tool -> /);
  assert.match((await pkg("owns", "tool")).stdout, /tool 1\.2\.0/);
  const { stdout: told } = await pkg("info", "tool", "--offline");
  for (const fact of [/about +Two tools/, /license +MIT/, /source +https:\/\/example\.com/]) assert.match(told, fact);
  await pkg("remove", "tool");
  await pkg("clean", "--all");
  assert.deepEqual([readdirSync(join(home, "bin")), readdirSync(join(home, "blobs/sha256"))], [[], []]);
});

/** The hex digests of the layers of a layout's only image, the lowest first. */
function layersOf(layout: string): readonly string[] {
  const read = (path: string) => JSON.parse(readFileSync(join(layout, path), "utf8"));
  const hex = (digest: string) => digest.slice("sha256:".length);
  const { layers } = read(`blobs/sha256/${hex(read("index.json").manifests[0].digest)}`);
  return layers.map(({ digest }: { digest: string }) => hex(digest));
}

test("pkg install takes the programs that are named, tells dropped bits, and keeps to them", async (t) => {
  const images = { latest: toolImage("one\n", { Labels: LABELS }) };
  const { home, layout, at, pkg, started } = worldOf(t, images);
  const { stderr } = await pkg("install", at("latest"), "--program", "/usr/bin/other", "--program=tool");
  assert.match(stderr, /warning: other: in the image, it runs as its owner or group/);
  assert.deepEqual(readdirSync(join(home, "bin")), ["other", "tool"]);
  assert.match((await pkg("list")).stdout, /^tool +3\.4 /);
  assert.match((await pkg("install", at("latest"))).stdout, /is up to date/);
  writeImages(layout, { latest: toolImage("two\n", { Labels: { ...LABELS, [VERSION]: "3.5" } }) });
  assert.match((await pkg("outdated")).stdout, /^tool +3\.4 → 3\.5/);
  assert.match((await pkg("update")).stdout, /tool 3\.4 → 3\.5/);
  assert.deepEqual([readdirSync(join(home, "bin")), started("tool")], [["other", "tool"], "two\n"]);
  await pkg("install", at("latest"), "--program", "tool");
  assert.deepEqual(readdirSync(join(home, "bin")), ["tool"]);
  assert.match((await pkg("reinstall", at("latest"))).stdout, /tool 3\.5/);
  assert.match((await pkg("reinstall", "tool", "--offline")).stdout, /tool 3\.5/);
});

test("pkg update keeps what is installed where its image has it no more, and says which command has the option", async (t) => {
  const { layout, pkg, refused, started, at } = worldOf(t, { latest: toolImage("one\n") });
  const [hint, others] = [
    /hint: Name a program with `--program` of `pkg install oci:\S+`: /,
    { "usr/bin/other": "#!/bin/sh" },
  ];
  await pkg("install", at("latest"));
  writeImages(layout, { latest: toolImage("two\n", { Entrypoint: ["/bin/sh"] }) });
  assert.match(await refused("update"), hint);
  writeImages(layout, { latest: { layers: [{ files: others }], config: { Entrypoint: ["tool"] } } });
  assert.match(await refused("update"), hint);
  assert.equal(started("tool"), "one\n");
});

test("pkg install takes a program of layers as tools make them: sparse files beside it, frames to skip, capabilities", async (t) => {
  const skipped = Buffer.from("\x5a\x2a\x4d\x18\x04\0\0\0skip", "latin1");
  const compress = (tar: Buffer) =>
    Buffer.concat([skipped, zstdCompressSync(tar.subarray(0, 4096)), skipped, zstdCompressSync(tar.subarray(4096))]);
  const capabilities = pax({ "SCHILY.xattr.security.capability": "\x01\0\0\x02" });
  const more = Buffer.alloc(512);
  const files = {
    "var/log/lastlog": { type: "S", prefix: `${"x".repeat(137)}\x01`, raw: Buffer.concat([more, more]), size: 512 },
    pax: pax({ "GNU.sparse.major": "1", "GNU.sparse.name": "var/log/faillog" }),
    "var/log/GNUSparseFile.0/faillog": "1\n0\n",
    other: capabilities,
    "usr/bin/tool": staticProgram("made\n"),
  };
  const { at, pkg, started } = worldOf(t, { "1.0": { layers: [{ files, compress }], config: { Cmd: ["tool"] } } });
  const { stderr } = await pkg("install", at("1.0"));
  assert.equal(started("tool"), "made\n");
  assert.match(
    stderr,
    /warning: tool: in the image, it runs with capabilities of its own, .*; here it runs as whoever/,
  );
});

test("pkg outdated shows a newer tag of an image, with which update does nothing", async (t) => {
  const { pkg, at } = worldOf(t, { "1.2.0": toolImage("a\n"), "1.10.0": toolImage("b\n"), latest: toolImage("c\n") });
  await pkg("install", at("1.2.0"));
  const { stdout } = await pkg("outdated");
  assert.equal(stdout.trim(), `tool   1.2.0 → 1.10.0   (pkg install ${at("1.10.0")})`);
  assert.match((await pkg("update")).stdout, /is up to date/);
  assert.equal(JSON.parse((await pkg("outdated", "--json")).stdout).packages[0].state, "newer-tag");
  await pkg("install", at("1.10.0"));
  assert.equal((await pkg("outdated")).stdout, "");
});

test("pkg info lists what an image has, also one that is not for one program", async (t) => {
  const { pkg, at } = worldOf(t, { "1.0": toolImage("a\n", { Entrypoint: ["/bin/sh"], Labels: LABELS }) });
  const { stdout } = await pkg("info", at("1.0"));
  assert.match(stdout, /^tools 1\.0\nTwo tools\n/);
  for (const fact of [/starts +\/bin\/sh/, /programs +other, tool\n/, /license +MIT/]) assert.match(stdout, fact);
  const [known] = JSON.parse((await pkg("info", at("1.0"), "--json")).stdout).packages[0].available;
  assert.deepEqual(known.image, { entrypoint: ["/bin/sh"], programs: ["other", "tool"], isComplete: true });
  await pkg("install", at("1.0"), "--program", "tool");
});

test("--program and --with-libraries are for one image", async (t) => {
  const { refused, at } = worldOf(t, { "1.0": toolImage("a\n") });
  const many = await refused("install", at("1.0"), at("1.0"), "--program", "tool");
  assert.match(many, /Cannot use --program for 2 packages: expected one container image/);
  assert.match(await refused("install", "trurl", "--with-libraries"), /Cannot use --with-libraries for "trurl"/);
});

/** A program and a library that it needs, in an image with this machine's own dynamic linker and C library. */
function dynamicImage(t: Cleanup, needsLibrary: boolean): TestImage {
  const directory = tempDirectory(t);
  writeFileSync(join(directory, "part.c"), 'const char *part(void) { return "by its library"; }');
  const use = 'const char *part(void);\nint main(int n, char **v) { printf("%s %s\\n", part(), n > 1 ? v[1] : ""); }';
  const own = 'int main(int n, char **v) { printf("alone %s\\n", n > 1 ? v[1] : ""); }';
  writeFileSync(join(directory, "tool.c"), `#include <stdio.h>\n${needsLibrary ? use : own}`);
  const gcc = (...words: readonly string[]) => {
    const { status, stderr } = spawnSync("gcc", words, { cwd: directory, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  };
  gcc("-shared", "-fPIC", "-Wl,-soname,libpart.so.7", "part.c", "-o", "libpart.so.7");
  gcc("tool.c", "-o", "tool", ...(needsLibrary ? ["-L.", "-l:libpart.so.7"] : []));
  const of = (name: string) => readFileSync(join(directory, name));
  const linker = "/lib64/ld-linux-x86-64.so.2";
  const { stdout } = spawnSync("ldd", [join(directory, "tool")], { encoding: "utf8" });
  const libc = /libc\.so\.6 => (\S+)/.exec(stdout)?.[1] ?? "";
  const base = { [linker.slice(1)]: readFileSync(linker), "lib64/libc.so.6": readFileSync(libc) };
  const files = {
    "opt/bin/tool": of("tool"),
    "usr/lib/libpart.so": of("libpart.so.7"),
    "usr/lib/libpart.so.7": { link: "libpart.so" },
  };
  return { layers: [{ files: base }, { files }], config: { Cmd: ["/opt/bin/tool"] } };
}

suite("pkg install of a dynamic program of an image", { skip: skipWithout("gcc", "ldd") }, () => {
  test("places it where this machine has what it needs", async (t) => {
    const { at, pkg, started } = worldOf(t, { "1.0": dynamicImage(t, false) });
    await pkg("install", at("1.0"));
    assert.equal(started("tool", "a b"), "alone a b\n");
  });

  test("says what is missing, and places the image's libraries beside it where that is asked for", async (t) => {
    const { home, at, pkg, refused, started } = worldOf(t, { "1.0": dynamicImage(t, true) });
    const error = await refused("install", at("1.0"));
    assert.match(error, /"tool" could not start here: it needs "libpart\.so\.7", which this machine does not have/);
    assert.match(error, /hint: --with-libraries /);
    assert.ok(!existsSync(join(home, "packages")) || readdirSync(join(home, "packages")).length === 0);
    await pkg("install", at("1.0"), "--with-libraries");
    assert.equal(started("tool", "a b"), "by its library a b\n");
    assert.match((await pkg("verify")).stdout, /^ok tool/);
    await pkg("remove", "tool");
    await pkg("clean", "--all");
    assert.deepEqual(readdirSync(join(home, "blobs/sha256")), []);
  });

  test("finds the image's libraries where the configuration of its dynamic linker says", async (t) => {
    const image = dynamicImage(t, true);
    const moved = ([path, content]: readonly [string, LayerContent]) =>
      [path.replace("usr/lib/libpart", "opt/part/libpart"), content] as const;
    const configuration = {
      "etc/ld.so.conf": "# none\ninclude ld.so.conf.d/*.conf\n",
      "etc/ld.so.conf.d/part.conf": "/opt/part  # ours\n",
      "etc/ld.so.conf.d/part.txt": "/usr/local",
    };
    const layers = [
      { files: configuration },
      ...image.layers.map(({ files }) => ({ files: Object.fromEntries(Object.entries(files).map(moved)) })),
    ];
    const { at, pkg, started } = worldOf(t, { "1.0": { ...image, layers } });
    await pkg("install", at("1.0"), "--with-libraries");
    assert.equal(started("tool", "c"), "by its library c\n");
  });

  test("says which version of a library it needs that is newer than this machine's", async (t) => {
    const image = dynamicImage(t, false);
    const layers = image.layers.map(({ files }) => ({ files: mapTool(files) }));
    const { at, refused } = worldOf(t, { "1.0": { ...image, layers } });
    const error = await refused("install", at("1.0"));
    assert.match(error, /"tool" could not start here: it needs GLIBC_2\.99 of "libc\.so\.6", which is older here/);
  });

  test("refuses one whose libraries are not in the image either", async (t) => {
    const image = dynamicImage(t, true);
    const { at, refused } = worldOf(t, { "1.0": { ...image, layers: image.layers.map(withoutLibrary) } });
    assert.match(await refused("install", at("1.0"), "--with-libraries"), /needs "libpart\.so\.7", not in the image/);
  });
});

/** The program as if it had been built with a newer C library. */
function mapTool(files: TestImage["layers"][number]["files"]) {
  const tool = files["opt/bin/tool"];
  if (!Buffer.isBuffer(tool)) return files;
  const newer = tool.toString("latin1").replaceAll(/GLIBC_2\.\d\d\0/g, "GLIBC_2.99\0");
  return { ...files, "opt/bin/tool": Buffer.from(newer, "latin1") };
}

function withoutLibrary({ files }: TestImage["layers"][number]) {
  return { files: Object.fromEntries(Object.entries(files).filter(([path]) => !path.includes("libpart"))) };
}

test("pkg install takes an image that skopeo copied into a registry, by tag, by digest and through an index", {
  skip: skipWithout("docker-registry", "skopeo"),
}, async (t) => {
  const registry = await startDockerRegistry();
  assert.ok(registry !== null);
  t.after(() => registry.stop());
  const { home, layout, pkg, started } = worldOf(t, { latest: toolImage("from a registry\n", { Labels: LABELS }) });
  const place = `${registry.host}/team/tool`;
  const words = ["copy", "--dest-tls-verify=false", `oci:${layout}:latest`, `docker://${place}:latest`];
  const { status, stderr } = spawnSync("skopeo", ["--insecure-policy", ...words, "--format", "v2s2"], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  await pkg("install", place);
  assert.equal(started("tool"), "from a registry\n");
  const { stdout } = await pkg("oci", "manifest", "fetch", `${place}:latest`);
  const digest = digestOf(Buffer.from(stdout));
  assert.match((await pkg("install", `${place}@${digest}`)).stdout, /tool .* is up to date|tool 3\.4/);
  await pkg("remove", "tool");
  await pkg("oci", "index", "create", `${place}:2.0`, "latest");
  assert.match((await pkg("install", `${place}:2.0`, "--program", "other")).stdout, /\+ tool 2\.0 /);
  assert.deepEqual(readdirSync(join(home, "bin")), ["other"]);
});
