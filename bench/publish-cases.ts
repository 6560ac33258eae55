import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "./cases.ts";
import { contest, type Desk, type Words } from "./contest.ts";
import { runOnce } from "./measure.ts";
import type { World } from "./world.ts";

const FILES = 50;
const FILE_BYTES = 1024 * 1024;
const RUNS = 5;

/** Paths are relative to the directory in which a contender runs. */
interface Files {
  readonly program: string;
  /** The other files of its package, all of which the registry has as `published`, and as `pushed:v1`. */
  readonly documents: readonly string[];
  /** All that its package is made of: a signature for each file, checksums, the entry. */
  readonly layers: readonly string[];
  /** To sign with. */
  readonly key: string;
}

const NAME = `publish ${FILES} files of 1 MB`;

export const PUBLISH_CASES: readonly Case[] = [
  row(NAME, "oras push", publishTo(toEmpty), pushTo(toEmpty, filesOf)),
  row(
    NAME,
    "oras push of these and their signatures",
    publishTo(toEmpty),
    pushTo(toEmpty, ({ layers }) => layers),
  ),
  row(`${NAME}, again unchanged`, "oras push", publishTo(toFilled), pushTo(toEmpty, filesOf)),
  row(`${NAME}, again unchanged`, "oras push, again", publishTo(toFilled), pushTo(toFilled, filesOf)),
];

function row(name: string, rival: string, pkg: Words<Files>, words: Words<Files>): Case {
  return contest({ name, rival, contenders: { pkg, rival: words }, runs: RUNS, prepare });
}

function toEmpty(): string {
  return "$TO";
}

function toFilled({ host }: Desk<Files>): string {
  return host;
}

function publishTo(to: Words<Files>): Words<Files> {
  return (desk) => {
    const { program, documents, key } = desk.files;
    const others = documents.map((path) => `--document ${path}`).join(" ");
    return `publish ${to(desk)}/published --version 1.0 --file ${program}@linux/amd64 ${others} --key ${key}`;
  };
}

function pushTo(to: Words<Files>, pushed: (files: Files) => readonly string[]): Words<Files> {
  return (desk) =>
    `oras push --plain-http --no-tty --disable-path-validation ${to(desk)}/pushed:v1 ${pushed(desk.files).join(" ")}`;
}

function filesOf({ program, documents }: Files): readonly string[] {
  return [program, ...documents];
}

/** Random bytes after the first line of a script: they cannot be compressed on the way. */
async function prepare(world: World): Promise<Files> {
  const directory = join(world.directory, "fifty");
  const home = join(world.directory, "fifty-home");
  const names = Array.from({ length: FILES }, (_, index) => `file-${index}`);
  const [program = "", ...documents] = names.map((name) => `../fifty/${name}`);
  const files = { program, documents, layers: [], key: join(home, "keys/default.key") };
  if (!existsSync(directory)) {
    mkdirSync(directory);
    for (const name of names) {
      const bytes = randomBytes(FILE_BYTES);
      bytes.write("#!/bin/true\n");
      writeFileSync(join(directory, name), bytes, { mode: 0o755 });
    }
    const run = (words: string) => runOnce({ command: ["sh", "-e", "-c", `cd ${directory} && exec ${words}`] });
    const pkg = (words: string) => run(world.pkg(home, words).join(" "));
    const desk = { world, directory, host: world.registryHost, files };
    await pkg("key generate --no-passphrase");
    await pkg(publishTo(toFilled)(desk));
    await pkg(`oci pull ${world.registryHost}/published:1.0-x86_64-linux -o ../fifty-layers`);
    if (world.has("oras")) await run(pushTo(toFilled, filesOf)(desk));
  }
  const layers = readdirSync(join(world.directory, "fifty-layers")).map((name) => `../fifty-layers/${name}`);
  return { ...files, layers };
}
