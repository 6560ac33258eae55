import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Context } from "../../src/commands/context.ts";
import type { V1Entry } from "../../src/generated/index-schema.js";
import { readDocument } from "../../src/index/read-document.ts";
import type { Target } from "../../src/oci/content.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { type BuildIndexRequest, buildPackageIndex } from "../../src/repository-index/build.ts";
import { readIndexFile } from "../../src/repository-index/index-file.ts";
import { type PublishIndexRequest, publishPackageIndex } from "../../src/repository-index/publish.ts";
import { type SignIndexRequest, signPackageIndex } from "../../src/repository-index/sign.ts";
import { publicKeyText, secretKeyOf } from "../../src/sign/secret-key.ts";
import { encodeSecretKeyFile } from "../../src/sign/secret-key-file.ts";
import { PUBLIC_KEY, type PublishWorld, publishWorld, writeFiles } from "../publish/world.ts";

/** When everything happens. */
export const NOW = Date.parse("2030-06-15T12:00:00.789Z");
export const DAY_MS = 24 * 60 * 60 * 1000;

export interface TestKey {
  /** The path of its secret key file. */
  readonly file: string;
  readonly publicKey: string;
}

export type DraftChange = Partial<Omit<BuildIndexRequest & PublishIndexRequest, "sources" | "signing">> & {
  readonly from?: readonly string[];
  readonly prefixes?: readonly string[];
  readonly without?: readonly string[];
  /** Paths of secret key files; none: the key of the packages. */
  readonly keys?: readonly string[];
  /** Default: `NOW`. */
  readonly at?: number;
  /** Told what happens. */
  readonly emit?: Context["emit"];
  /** What is used of the network. */
  readonly network?: Context["network"];
  /** There is no default key. */
  readonly keyless?: boolean;
};

export interface IndexWorld extends PublishWorld {
  /** `HOST/me/tools/trurl` */
  readonly trurl: string;
  /** `HOST/me/index` */
  readonly reference: string;
  key(name: string): Promise<TestKey>;
  /** Publishes an index at `reference`, of trurl unless told otherwise. */
  publishPackageIndex(change?: DraftChange): ReturnType<typeof publishPackageIndex>;
  /** Builds one into the directory `index`. */
  buildPackageIndex(change?: DraftChange): ReturnType<typeof buildPackageIndex>;
  signPackageIndex(keys: readonly string[], change?: Partial<SignIndexRequest>): ReturnType<typeof signPackageIndex>;
  /** The document at a place: `reference` by default. */
  document(place?: string): ReturnType<typeof readDocument>;
  entries(place?: string): Promise<readonly V1Entry[]>;
  /** What was asked since it was called last, as `METHOD path`. */
  asked(): readonly string[];
  /** The repository at `path` of the registry. */
  repository(path: string): Promise<Target>;
}

/** A registry to publish packages and their index in. */
export async function indexWorld(test: TestContext): Promise<IndexWorld> {
  const world = await publishWorld(test);
  const { host, directory, context, requests } = world;
  const reference = `${host}/me/index`;
  const trurl = `${host}/me/tools/trurl`;
  let read = 0;
  const at = (ms: number, keyless = false): Context => {
    const config = { ...context.config, signing: { key: null, passphrase: null } };
    return { ...context, now: () => ms, ...(keyless ? { config } : {}) };
  };
  const document = async (place = reference) => readDocument((await readIndexFile(context, place, directory)).bytes);
  return {
    ...world,
    trurl,
    reference,
    key: (name) => makeKey(directory, name),
    publishPackageIndex: ({ at: ms = NOW, keyless, emit = context.emit, network = context.network, ...change } = {}) =>
      publishPackageIndex(
        { ...at(ms, keyless), emit, network },
        { ...draft(world, { from: [trurl], ...change }), reference, built: null, ...change },
      ),
    buildPackageIndex: ({ at: ms = NOW, keyless, emit = context.emit, ...change } = {}) =>
      buildPackageIndex(
        { ...at(ms, keyless), emit },
        {
          ...draft(world, { from: [trurl], ...change }),
          repository: "example/index",
          output: "index",
          previous: null,
          ...change,
        },
      ),
    signPackageIndex: (keys, change = {}) =>
      signPackageIndex(context, {
        path: "index",
        directory,
        dryRun: false,
        signing: signing(context, keys),
        ...change,
      }),
    document,
    entries: async (place) => (await document(place)).entries,
    asked: () => {
      const lines = requests.slice(read).map(({ method, path }) => `${method} ${path}`);
      read = requests.length;
      return lines;
    },
    repository: async (path) => {
      const purpose = { task: "look at what was published", namedBy: "person" } as const;
      return (await context.network()).repository(parseReference(`${host}/${path}`), purpose);
    },
  };
}

function draft(
  { context, directory }: PublishWorld,
  { from = [], prefixes = [], without = [], keys = [] }: DraftChange,
) {
  return {
    sources: { named: from, prefixes, without, directory },
    only: false,
    versions: null,
    repository: null,
    serial: null,
    expiresIn: "30d",
    trust: [],
    threshold: null,
    signing: signing(context, keys),
    // The packages' key, whoever signs the index.
    acceptKeys: [PUBLIC_KEY],
    acceptUnsigned: false,
    readPrograms: true,
    directory,
    keepGoing: false,
    dryRun: false,
  };
}

function signing(context: Context, keys: readonly string[]) {
  return { keys, passphraseFd: null, stdin: context.stdin, ask: async () => null };
}

/** A key that is the same in every run. */
async function makeKey(directory: string, name: string): Promise<TestKey> {
  const seed = Buffer.alloc(32, name);
  const key = secretKeyOf(seed.subarray(0, 8), seed);
  const file = join(directory, `${name}.key`);
  writeFiles(directory, { [`${name}.key`]: await encodeSecretKeyFile(key, null) });
  return { file, publicKey: publicKeyText(key) };
}
