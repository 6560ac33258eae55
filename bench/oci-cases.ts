import { randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "./cases.ts";
import { type Contenders, contest, type Desk } from "./contest.ts";
import { runOnce } from "./measure.ts";
import type { World } from "./world.ts";

const MIB = 1024 * 1024;
const LARGE_BYTES = 2 * 1024 * MIB;
const LARGE_RUNS = 2;
const SMALL_BLOBS = 500;
const SMALL_BYTES = 4 * 1024;
const TAGS = 1000;

/** What is pushed; the registry also has it as `large:v1`, `large-package`, `small:v1` and `tags:t1`. */
interface Files {
  readonly file: string;
  readonly layout: string;
  /** To sign with. */
  readonly key: string;
}

export const OCI_CASES: readonly Case[] = [
  large("push a file of 2 GB", "oras push", {
    pkg: ({ files }) => `oci push $TO/pushed:v1 ${files.file} --disable-path-validation`,
    rival: ({ files }) => `oras push --plain-http --no-tty --disable-path-validation $TO/pushed:v1 ${files.file}`,
  }),
  large("publish a file of 2 GB", "oras push", {
    pkg: ({ files }) => `publish $TO/pushed --version 1.0 --file ${files.file}@linux/amd64 --key ${files.key}`,
    rival: ({ files }) => `oras push --plain-http --no-tty --disable-path-validation $TO/pushed:v1 ${files.file}`,
  }),
  large("install a package of 2 GB", "oras pull", {
    pkg: ({ host }) => `install ${host}/large-package`,
    rival: ({ host }) => `oras pull --plain-http --no-tty -o out ${host}/large-package:1.0 --platform linux/amd64`,
  }),
  large("push a layout of 2 GB", "skopeo copy", {
    pkg: ({ files }) => `oci copy oci:${files.layout}:v1 $TO/pushed:v1`,
    rival: ({ files }) => `skopeo copy -q --dest-tls-verify=false oci:${files.layout}:v1 docker://$TO/pushed:v1`,
  }),
  large("pull a file of 2 GB", "oras pull", {
    pkg: ({ host }) => `oci pull ${host}/large:v1 -o out`,
    rival: ({ host }) => `oras pull --plain-http --no-tty --allow-path-traversal -o out ${host}/large:v1`,
  }),
  large("pull 2 GB into a layout", "skopeo copy", {
    pkg: ({ host }) => `oci copy ${host}/large:v1 oci:out:v1`,
    rival: ({ host }) => `skopeo copy -q --src-tls-verify=false docker://${host}/large:v1 oci:out:v1`,
  }),
  large("copy 2 GB between registries", "oras cp", {
    pkg: ({ host }) => `oci copy ${host}/large:v1 $TO/copied:v1`,
    rival: ({ host }) => `oras cp --no-tty --from-plain-http --to-plain-http ${host}/large:v1 $TO/copied:v1`,
  }),
  large("copy 2 GB between registries", "skopeo copy", {
    pkg: ({ host }) => `oci copy ${host}/large:v1 $TO/copied:v1`,
    rival: ({ host }) =>
      `skopeo copy -q --src-tls-verify=false --dest-tls-verify=false docker://${host}/large:v1 docker://$TO/copied:v1`,
  }),
  ...[
    { rival: "oras pull", words: ({ host }: Desk<Files>) => `oras pull --plain-http --no-tty -o out ${host}/small:v1` },
    {
      rival: "skopeo copy",
      words: ({ host }: Desk<Files>) => `skopeo copy -q --src-tls-verify=false docker://${host}/small:v1 dir:out`,
    },
  ].map(({ rival, words }) =>
    small(`pull ${SMALL_BLOBS} blobs of 4 KiB`, rival, {
      pkg: ({ host }) => `oci pull ${host}/small:v1 -o out`,
      rival: words,
    }),
  ),
  ...[
    { rival: "oras repo tags", words: ({ host }: Desk<Files>) => `oras repo tags --plain-http ${host}/tags` },
    { rival: "crane ls", words: ({ host }: Desk<Files>) => `crane ls --insecure ${host}/tags` },
    {
      rival: "skopeo list-tags",
      words: ({ host }: Desk<Files>) => `skopeo list-tags --tls-verify=false docker://${host}/tags`,
    },
  ].map(({ rival, words }) =>
    small(`list ${TAGS} tags`, rival, { pkg: ({ host }) => `oci tags ${host}/tags`, rival: words }),
  ),
];

function large(name: string, rival: string, contenders: Contenders<Files>): Case {
  return contest({ name, rival, contenders, runs: LARGE_RUNS, prepare: prepareLarge });
}

function small(name: string, rival: string, contenders: Contenders<Files>): Case {
  return contest({ name, rival, contenders, runs: 7, prepare: prepareSmall });
}

/**
 * A file and a layout of 2 GB; both in the registry as `large:v1`, and published. Random bytes after the first line of a
 * script: they cannot be compressed on the way.
 */
async function prepareLarge(world: World): Promise<Files> {
  const directory = join(world.directory, "large");
  const home = join(world.directory, "large-home");
  const files = {
    file: "../large/large.bin",
    layout: join(directory, "layout"),
    key: join(home, "keys/default.key"),
  };
  if (existsSync(directory)) return files;
  mkdirSync(directory);
  const file = openSync(join(directory, "large.bin"), "w");
  for (let written = 0; written < LARGE_BYTES; written += 64 * MIB) writeSync(file, randomBytes(64 * MIB));
  writeSync(file, "#!/bin/true\n", 0);
  closeSync(file);
  const pkg = (words: string) =>
    runOnce({ command: ["sh", "-e", "-c", `cd ${directory} && exec ${world.pkg(home, words).join(" ")}`] });
  await pkg(`oci push oci:${files.layout}:v1 large.bin`);
  await pkg(`oci copy oci:${files.layout}:v1 ${world.registryHost}/large:v1`);
  await pkg("key generate --no-passphrase");
  await pkg(`publish ${world.registryHost}/large-package --version 1.0 --file large.bin@linux/amd64`);
  return files;
}

/** Files of 4 KiB as one artifact `small:v1`, and a repository `tags` of many tags. */
async function prepareSmall(world: World): Promise<Files> {
  const directory = join(world.directory, "small");
  const files = { file: "", layout: "", key: "" };
  if (existsSync(directory)) return files;
  mkdirSync(directory);
  const names = Array.from({ length: SMALL_BLOBS }, (_, index) => `file-${index}`);
  for (const name of names) writeFileSync(join(directory, name), randomBytes(SMALL_BYTES));
  const home = join(world.directory, "small-home");
  const pkg = (words: string) =>
    runOnce({ command: ["sh", "-e", "-c", `cd ${directory} && exec ${world.pkg(home, words).join(" ")}`] });
  await pkg(`oci push ${world.registryHost}/small:v1 ${names.join(" ")}`);
  await pkg(`oci push ${world.registryHost}/tags:t0 file-0`);
  const tags = Array.from({ length: TAGS - 1 }, (_, index) => `t${index + 1}`);
  await pkg(`oci tag ${world.registryHost}/tags:t0 ${tags.join(" ")}`);
  return files;
}
