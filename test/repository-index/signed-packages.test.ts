import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../../src/base/events.ts";
import { lintPackageIndex } from "../../src/repository-index/lint.ts";
import { PUBLIC_KEY, SECRET_KEY, writeFiles } from "../publish/world.ts";
import { type PackageFiles, packageSigner, republish, signatureOf, strangeSigner } from "./republish.ts";
import { type DraftChange, type IndexWorld, indexWorld, NOW } from "./world.ts";

const [ours, stranger] = [packageSigner(), strangeSigner()];
const SIGNED = ["trurl", "CHECKSUM", "trurl.json"];

function bytesOf(files: PackageFiles, title: string): Buffer {
  return files.get(title) ?? Buffer.alloc(0);
}

function signedBy(signer: typeof ours, ...titles: readonly string[]) {
  return (files: PackageFiles) => {
    for (const title of titles) files.set(`${title}.sig`, signatureOf(signer, title, bytesOf(files, title)));
  };
}

const HOSTILE: Readonly<Record<string, readonly [(files: PackageFiles) => void, RegExp]>> = {
  "that a stranger has signed": [signedBy(stranger, ...SIGNED, "LICENSE"), /^SIGNATURE_UNTRUSTED .* its key is/],
  ...Object.fromEntries(
    SIGNED.flatMap((title) => [
      [`whose ${title} a stranger has signed`, [signedBy(stranger, title), new RegExp(`_UNTRUSTED .*"${title}"`)]],
      [
        `whose ${title}.sig is missing`,
        [(files: PackageFiles) => void files.delete(`${title}.sig`), new RegExp(`^SIGNATURE_MISSING .*${title}.sig`)],
      ],
      [
        `whose ${title}.sig is of other content`,
        [
          (files: PackageFiles) => void files.set(`${title}.sig`, signatureOf(ours, title, Buffer.from("other"))),
          new RegExp(`^SIGNATURE_INVALID .*"${title}".* not made for this content`),
        ],
      ],
      [
        `whose ${title}.sig is of another file`,
        [
          (files: PackageFiles) => void files.set(`${title}.sig`, signatureOf(ours, "x", bytesOf(files, title))),
          new RegExp(`^SIGNATURE_INVALID .* names "x", expected "${title}"`),
        ],
      ],
      [
        `whose ${title}.sig begins with a stranger's signature`,
        [
          (files: PackageFiles) => {
            const foreign = signatureOf(stranger, title, bytesOf(files, title));
            files.set(`${title}.sig`, Buffer.concat([foreign, bytesOf(files, `${title}.sig`)]));
          },
          /^SIGNATURE_UNTRUSTED /,
        ],
      ],
    ]),
  ),
  "with facts that were changed after they were signed": [
    (files) =>
      void files.set("trurl.json", Buffer.from(bytesOf(files, "trurl.json").toString().replace("curl", "MIT"))),
    /^SIGNATURE_INVALID .*"trurl.json"/,
  ],
  "with another document than the one that was signed": [
    (files) => void files.set("LICENSE", Buffer.from("Another licence\n")),
    /^CHECKSUM_MISMATCH .*SHA-256 of "LICENSE"/,
  ],
  "with a file that was added": [
    (files) => void files.set("curl", Buffer.from("#!/bin/sh\n")),
    /^CHECKSUM_MISSING .*no SHA-256 of "curl"/,
  ],
};

for (const [name, [edit, expected]] of Object.entries(HOSTILE)) {
  test(`publishPackageIndex() refuses a package ${name}`, async (t) => {
    const world = await indexWorld(t);
    await republish(world, edit);
    const { outcome, errors } = await world.publishPackageIndex({ acceptKeys: [] });
    assert.equal(outcome.state, "refused");
    assert.match(errors.map(({ code, message }) => `${code} ${message}`).join("\n"), expected);
    assert.match(errors[0]?.message ?? "", /^Cannot index "127\.0\.0\.1:\d+\/me\/tools\/trurl@sha256:[0-9a-f]{64}"/);
    const kept = await world.publishPackageIndex({ acceptKeys: [], keepGoing: true });
    assert.deepEqual([kept.outcome.state, kept.outcome.built?.entryCount], ["published", 0]);
  });
}

async function lint(world: IndexWorld, source: string, acceptKeys: readonly string[] = []) {
  const cap = { ...world.context, now: () => NOW };
  const { findings } = await lintPackageIndex(cap, {
    ...{ source, directory: world.directory, references: true, acceptKeys },
  });
  return findings.filter(({ rule }) => rule === "signature");
}

test("lintPackageIndex() finds packages that a stranger has signed, in an index that names them", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  const key = await world.key("a");
  await world.buildPackageIndex({ keys: [key.file] });
  const findings = await lint(world, "index");
  assert.deepEqual(
    findings.map(({ level, subject }) => [level, subject]),
    [
      ["error", "trurl 8.14.1 aarch64-linux static"],
      ["error", "trurl 8.14.1 x86_64-linux static"],
    ],
  );
  assert.match(findings[0]?.message ?? "", /its key is "0707070707070707", expected "6161616161616161"/);
  const accepted = await lint(world, "index", [PUBLIC_KEY]);
  assert.deepEqual([...new Set(accepted.map(({ level }) => level))], ["warning"], "clients refuse them all the same");
});

function told(world: IndexWorld, change: DraftChange) {
  const warnings: string[] = [];
  const emit = (event: Event) => {
    if (event.kind === "warning") warnings.push(event.message);
  };
  return { warnings, done: world.publishPackageIndex({ ...change, emit }) };
}

test("publishPackageIndex() accepts the packages of a further key, and says that clients do not", async (t) => {
  const world = await indexWorld(t);
  const key = await world.key("a");
  await world.publish();
  const refused = await world.publishPackageIndex({ keys: [key.file], acceptKeys: [] });
  assert.deepEqual([refused.outcome.state, refused.errors.length], ["refused", 2]);
  assert.match(refused.errors[0]?.hint ?? "", /--accept-key RW/);
  const { warnings, done } = told(world, { keys: [key.file], acceptKeys: [PUBLIC_KEY] });
  assert.equal((await done).outcome.state, "published");
  assert.equal(warnings.length, 2);
  assert.match(warnings[0] ?? "", /signed by key "0707070707070707", which is not in the index's key set/);
});

test("publishPackageIndex() refuses an unsigned package unless unsigned ones are accepted", async (t) => {
  const world = await indexWorld(t);
  await world.publish({ signing: null });
  const { outcome, errors } = await world.publishPackageIndex({ acceptKeys: [] });
  assert.deepEqual([outcome.state, errors[0]?.code], ["refused", "SIGNATURE_MISSING"]);
  assert.match(errors[0]?.hint ?? "", /--accept-unsigned/);
  const { warnings, done } = told(world, { acceptKeys: [], acceptUnsigned: true });
  assert.equal((await done).outcome.state, "published");
  assert.match(warnings[0] ?? "", /is not signed: those who install from the index refuse it/);
});

test("publishPackageIndex() accepts no unsigned package in a repository with signed ones, unless its version is named", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.publishPackageIndex();
  await world.publish({ signing: null, typed: { version: "8.14.2" } });
  const { outcome, errors } = await world.publishPackageIndex({ acceptUnsigned: true });
  assert.deepEqual([outcome.state, errors[0]?.code], ["refused", "SIGNATURE_MISSING"]);
  assert.match(errors[0]?.hint ?? "", /name the version as NAME:TAG if/);
  const named = { from: [`${world.trurl}:8.14.2`], acceptUnsigned: true };
  assert.equal((await world.publishPackageIndex(named)).outcome.state, "published");
  const again = await world.publishPackageIndex({ acceptUnsigned: true });
  assert.deepEqual([again.outcome.state, again.outcome.built?.entryCount], ["published", 4], "what is in it stays");
});

test("publishPackageIndex() keeps the newest versions that fit, however many a stranger adds above them", async (t) => {
  const world = await indexWorld(t);
  const strange = await world.key("stranger");
  for (const version of ["8.13.0", "8.14.0", "8.14.1"]) await world.publish({ typed: { version } });
  await world.publishPackageIndex({ versions: 2 });
  const signing = { keys: [strange.file], passphraseFd: null, stdin: world.context.stdin, ask: async () => null };
  for (const version of ["9.0.0", "9.1.0", "10.0.0"]) await world.publish({ typed: { version }, signing });
  const { outcome, errors } = await world.publishPackageIndex({ versions: 2, keepGoing: true });
  assert.deepEqual([outcome.state, errors.length], ["published", 6]);
  const versions = new Set((await world.entries()).map(({ version }) => version));
  assert.deepEqual([...versions].toSorted(), ["8.14.0", "8.14.1"]);
});

test("publishPackageIndex() checks every package again when a key is taken out of the set", async (t) => {
  const world = await indexWorld(t);
  const key = await world.key("a");
  const other = `${world.host}/me/tools/other`;
  await world.publish();
  await world.publish({ typed: { reference: other } });
  await world.publishPackageIndex({ from: [world.trurl, other], acceptKeys: [] });
  const keys = [key.file, await ourKeyFile(world)];
  const both = { from: [world.trurl], keys, trust: [PUBLIC_KEY, key.publicKey], acceptKeys: [] };
  assert.deepEqual((await world.publishPackageIndex(both)).outcome.built?.readCount, 0);
  const without = { ...both, trust: [key.publicKey] };
  const { outcome, errors } = await world.publishPackageIndex(without);
  assert.equal(outcome.state, "refused");
  assert.deepEqual(
    errors.map(({ code }) => code),
    Array.from({ length: 4 }, () => "SIGNATURE_UNTRUSTED"),
  );
  const accepting = await world.publishPackageIndex({ ...without, acceptKeys: [PUBLIC_KEY] });
  assert.deepEqual([accepting.outcome.state, accepting.outcome.built?.entryCount], ["published", 4]);
});

test("publishPackageIndex() does not read programs when it is not to, and still refuses strangers", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  world.asked();
  await world.buildPackageIndex({ acceptKeys: [], readPrograms: false });
  const asked = world.asked();
  for (const { shasum } of await world.entries("index")) {
    assert.ok(!asked.some((line) => line.startsWith("GET ") && line.includes(shasum)));
  }
  const hostile = await indexWorld(t);
  await republish(hostile, signedBy(stranger, "trurl"));
  const { errors } = await hostile.buildPackageIndex({ acceptKeys: [], readPrograms: false });
  assert.equal(errors[0]?.code, "SIGNATURE_UNTRUSTED");
});

async function ourKeyFile(world: IndexWorld): Promise<string> {
  writeFiles(world.directory, { "ours.key": SECRET_KEY });
  return `${world.directory}/ours.key`;
}
