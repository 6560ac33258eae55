import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Event } from "../../src/base/events.ts";
import { SYMLINK_MODE } from "../../src/fs/modes.ts";
import { kegCommands } from "../../src/obtain/keg-commands.ts";
import type { InstalledFile } from "../../src/package/installation.ts";
import { elfFile } from "../support/elf-file.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";

/** Files by their paths, and links as `-> TARGET`. */
type Keg = Readonly<Record<string, string | Buffer>>;

async function commands(t: Cleanup, keg: Keg) {
  const directory = tempDirectory(t);
  const files = Object.entries(keg).map(([path, content], index) => {
    const target = typeof content === "string" ? /^-> (.*)$/.exec(content)?.[1] : undefined;
    writeFileSync(join(directory, String(index)), target ?? content);
    return { path, digest: String(index), mode: target === undefined ? 0o555 : SYMLINK_MODE };
  });
  const events: Event[] = [];
  const context = {
    blobs: { pathOf: (digest: string) => join(directory, digest) },
    place: { machine: { host: "x86_64-linux", libcs: ["gnu"] }, searchPath: [] },
    emit: (event: Event) => events.push(event),
  } as unknown as Parameters<typeof kegCommands>[0];
  const poured = { files: files as unknown as readonly InstalledFile[], isKegOnly: false, unplaced: "/p" };
  const links = await kegCommands(context, { name: "x" }, poured);
  const told = events.flatMap((event) => (event.kind === "warning" ? [event.message] : []));
  return { links: links.map(({ link }) => link), told };
}

const SCRIPT = "#!/p/bin/sh\n";
const OTHER = elfFile({ machine: 183 });

test("kegCommands() makes commands of programs, and of links to some, and tells what is none", async (t) => {
  const keg = {
    "bin/script": SCRIPT,
    "bin/linked": "-> ../libexec/run",
    "libexec/run": SCRIPT,
    "bin/other-keg": "-> ../../../../opt/y/bin/y",
    "bin/through": "-> ../lib/current/run",
    "lib/current": "-> 15",
    "lib/15/run": SCRIPT,
    "bin/text": "words\n",
    "bin/dangling": "-> ../nowhere",
    "bin/a": "-> b",
    "bin/b": "-> a",
    "bin/dir": "-> ../lib",
    "bin/arm": OTHER,
  };
  const { links, told } = await commands(t, keg);
  assert.deepEqual(links.toSorted(), ["linked", "other-keg", "script", "through"]);
  const nowhere = ["dangling", "a", "b"].map((name) => `x: "bin/${name}" is a link that leads nowhere, no program`);
  const all = [
    ...nowhere,
    'x: "bin/dir" is a directory, no program',
    'x: "bin/arm" is one for linux/arm64, no program',
  ];
  for (const words of all) assert.ok(told.includes(`${words}: it gets no command`), `${words}: ${told}`);
  assert.equal(told.length, all.length + 1);
});

test("kegCommands() refuses a keg all of whose programs are for another machine", async (t) => {
  await assert.rejects(commands(t, { "bin/arm": OTHER, "bin/text": "words" }), { code: "PLATFORM_UNSUPPORTED" });
  assert.deepEqual((await commands(t, { "bin/text": "words" })).links, []);
});

test("kegCommands() tells what would run a script and is not here, unless another keg may bring it", async (t) => {
  const { links, told } = await commands(t, { "bin/own": SCRIPT, "bin/other": "#!/nowhere/fish\n" });
  assert.deepEqual(links, ["own", "other"]);
  assert.deepEqual(told, [
    'x: "bin/other" cannot start: "/nowhere/fish", which runs it, does not exist on this machine',
  ]);
});
