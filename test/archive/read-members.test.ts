import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createReadStream, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { type ContentKind, contentKind } from "../../src/archive/content-kind.ts";
import { EntryTree } from "../../src/archive/entry-tree.ts";
import { EXTRACT_LIMITS } from "../../src/archive/extract-limits.ts";
import { readMembers } from "../../src/archive/read-members.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";
import { PACKINGS, pack } from "./pack.ts";
import { tarOf } from "./tar-builder.ts";
import { zipOf } from "./zip-builder.ts";

const { signal } = new AbortController();

/** The members of an archive, as `PATH MODE CONTENT` or `PATH -> TARGET`; directories by their path. */
async function membersOf(file: string, single?: string): Promise<readonly string[]> {
  const found: string[] = [];
  const request = {
    source: createReadStream(file),
    file,
    root: null,
    sha256: null,
    tree: new EntryTree(),
    limits: EXTRACT_LIMITS,
    signal,
  };
  for await (const member of readMembers(single === undefined ? request : { ...request, single })) {
    switch (member.kind) {
      case "directory":
        found.push(`${member.path}/`);
        break;
      case "symlink":
        found.push(`${member.path} -> ${member.target}`);
        break;
      case "hard link":
        found.push(`${member.path} = ${member.source}`);
        break;
      case "file": {
        const content = Buffer.concat(await Array.fromAsync(member.body)).toString("utf8");
        found.push(`${member.path} ${member.mode.toString(8)} ${content}`);
      }
    }
  }
  return found.toSorted();
}

/** A directory with a program that is set-user-id, a text and a link to it. */
function sampleTree(t: Cleanup): string {
  const directory = tempDirectory(t);
  mkdirSync(join(directory, "tool/doc"), { recursive: true });
  writeFileSync(join(directory, "tool/run"), "#!/bin/sh\n");
  spawnSync("chmod", ["4755", join(directory, "tool/run")]);
  writeFileSync(join(directory, "tool/doc/é.txt"), "words", { mode: 0o644 });
  symlinkSync("doc/é.txt", join(directory, "tool/readme"));
  return directory;
}

const TREE = ["tool/", "tool/doc/", "tool/doc/é.txt 644 words", "tool/readme -> doc/é.txt", "tool/run 755 #!/bin/sh\n"];

/** The commands that make an archive, `OUT`, of the directory `tool`. */
const MADE_BY: Readonly<Record<string, readonly string[]>> = {
  tar: ["tar", "cf", "OUT", "tool"],
  "tar -J": ["tar", "cJf", "OUT", "tool"],
  "tar -j": ["tar", "cjf", "OUT", "tool"],
  "tar -z": ["tar", "czf", "OUT", "tool"],
  "tar --zstd": ["tar", "--zstd", "-cf", "OUT", "tool"],
  "tar --format=v7": ["tar", "--format=v7", "-cf", "OUT", "tool"],
  zip: ["zip", "-qry", "OUT", "tool"],
  "zip -0": ["zip", "-qry0", "OUT", "tool"],
  "zip with bzip2": ["zip", "-qry", "-Z", "bzip2", "OUT", "tool"],
  "zip -fz": ["zip", "-qry", "-fz", "OUT", "tool"],
};

suite("readMembers() reads what is made by", { skip: skipWithout("zip", "xz", "bzip2", "zstd") }, () => {
  for (const [name, [program = "", ...args]] of Object.entries(MADE_BY)) {
    test(name, async (t) => {
      const directory = sampleTree(t);
      const out = join(directory, "out.zip");
      const { status, stderr } = spawnSync(
        program,
        args.map((arg) => (arg === "OUT" ? out : arg)),
        { cwd: directory },
      );
      assert.equal(status, 0, String(stderr));
      assert.deepEqual(await membersOf(out), TREE);
    });
  }

  for (const options of [
    "-0",
    "-9e",
    "--check=none",
    "--check=sha256",
    "--x86 --lzma2",
    "--delta=dist=4 --lzma2",
    "-T2 --block-size=1000",
    "--lzma2=dict=192MiB",
  ]) {
    test(`xz ${options}, and two of its streams with zeros between them`, async (t) => {
      const file = join(tempDirectory(t), "words.xz");
      const words = "some words\n".repeat(1000);
      const packed = spawnSync("xz", ["-c", ...options.split(" ")], { input: words }).stdout;
      writeFileSync(file, Buffer.concat([packed, Buffer.alloc(8), packed]));
      assert.deepEqual(await membersOf(file, "words"), [`words 755 ${words}${words}`]);
    });
  }
});

test("readMembers() tells programs in a zip by their content, and names by what its writer was", async (t) => {
  const file = join(tempDirectory(t), "a.zip");
  const entries = [
    { path: "without-mode", body: "#!/bin/sh\n", mode: 0 },
    { path: "wrong-mode", body: "\x7fELF", mode: 0o644, method: 0 },
    { path: "private", body: "words", mode: 0o600 },
    { path: "any", body: "words", mode: 0 },
    { path: Buffer.from("caf\x82", "latin1"), body: "DOS", system: 0, flags: 0, mode: 0 },
    { path: "café-unix", body: "UTF-8 without saying so", flags: 0 },
    { path: "open", body: "", mode: 0o6777 },
  ];
  writeFileSync(file, zipOf(entries));
  assert.deepEqual(await membersOf(file), [
    "any 644 words",
    "café 644 DOS",
    "café-unix 644 UTF-8 without saying so",
    "open 755 ",
    "private 600 words",
    "without-mode 755 #!/bin/sh\n",
    "wrong-mode 755 \x7fELF",
  ]);
  const stream = { root: null, sha256: null, tree: new EntryTree(), limits: EXTRACT_LIMITS, signal };
  await assert.rejects(Array.fromAsync(readMembers({ source: createReadStream(file), ...stream })), {
    code: "ARCHIVE_INVALID",
    message: /a zip archive, expected a tar/,
  });
});

test("contentKind() tells an archive, a compressed file and any other by content alone", {
  skip: skipWithout("xz", "bzip2"),
}, async () => {
  const tar = tarOf({ path: "a", body: "x" });
  const kindOf = (bytes: Buffer) =>
    contentKind(
      (async function* () {
        yield bytes;
      })(),
    );
  const packed = PACKINGS.filter((packing) => packing !== "none");
  const cases: readonly (readonly [Buffer, ContentKind])[] = [
    [tar, "archive"],
    [zipOf([{ path: "a" }]), "archive"],
    [zipOf([]), "archive"],
    ...packed.map((packing) => [pack(tar, packing), "archive"] as const),
    ...packed.map((packing) => [pack(Buffer.from("#!/bin/sh\n"), packing), "compressed"] as const),
    ...packed.map((packing) => [pack(Buffer.alloc(0), packing), "compressed"] as const),
    [pack(pack(tar, "gzip"), "xz"), "compressed"],
    [Buffer.from("#!/bin/sh\nPK\x03\x04"), "plain"],
    [Buffer.from("\x7fELF"), "plain"],
    [Buffer.from("BZ is how this text begins"), "plain"],
    [Buffer.alloc(0), "plain"],
    [Buffer.from("BZhow this text begins"), "archive"],
  ];
  for (const [bytes, kind] of cases) assert.equal(await kindOf(bytes), kind, bytes.toString("latin1", 0, 30));
});
