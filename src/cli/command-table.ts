import type { Options } from "yargs";
import type { Command } from "../commands/command.ts";

/** A command, or a group of commands under one word. */
export type Entry = CommandEntry | GroupEntry;

export interface CommandEntry {
  readonly kind: "command";
  /** The command with its positionals, then its aliases. */
  readonly usage: readonly [string, ...string[]];
  readonly description: string;
  /** What it takes beside its own options. */
  readonly options: Readonly<Record<string, Options>>;
  // biome-ignore lint/suspicious/noExplicitAny: each command has arguments of its own, known to itself alone
  readonly load: () => Promise<{ readonly command: Command<any> }>;
}

export interface GroupEntry {
  readonly kind: "group";
  readonly name: string;
  readonly description: string;
  readonly entries: readonly Entry[];
  /** What every command of the group takes. */
  readonly options: Readonly<Record<string, Options>>;
}

type Usage = CommandEntry["usage"];

function entry(usage: string | Usage, description: string, load: CommandEntry["load"], options = {}): CommandEntry {
  return { kind: "command", usage: typeof usage === "string" ? [usage] : usage, description, load, options };
}

function group(name: string, description: string, entries: readonly Entry[], options = {}): GroupEntry {
  return { kind: "group", name, description, entries, options };
}

/** The words that call an entry: its own and its aliases. */
export function namesOf(entry: Entry): readonly string[] {
  return entry.kind === "group" ? [entry.name] : entry.usage.map((form) => form.split(" ", 1)[0] ?? "");
}

/** What every command takes. */
export const GLOBAL_OPTIONS: Readonly<Record<string, Options>> = {
  json: { type: "boolean", description: "Print one JSON document", global: true },
  quiet: { alias: "q", type: "boolean", description: "Only results and errors", global: true },
  verbose: { alias: "v", type: "boolean", description: "More detail", global: true },
  color: { type: "boolean", default: true, description: "--no-color: plain text", global: true },
  yes: { alias: "y", type: "boolean", default: false, description: "Answer every question with yes", global: true },
  "dry-run": { type: "boolean", default: false, description: "Tell what would be done", global: true },
  offline: { type: "boolean", description: "Send no request", global: true },
  config: { type: "string", requiresArg: true, description: "The config file", global: true },
  home: { type: "string", requiresArg: true, description: "Keep everything under this directory", global: true },
  concurrency: { type: "number", requiresArg: true, description: "Blobs fetched at a time", global: true },
  "ca-file": { type: "string", requiresArg: true, description: "PEM certificates to trust as well", global: true },
};

/** How the registries that are named on the command line are reached; what the config says of one comes second. */
const REGISTRY_OPTIONS: GroupEntry["options"] = {
  "plain-http": { type: "boolean", description: "Speak http to the registries named here, not https" },
  insecure: { type: "boolean", description: "Do not check the TLS certificates of the registries named here" },
};

const LOGIN = entry(
  "login <registry>",
  "Keep a registry's credentials",
  () => import("../commands/settings/login.ts"),
  REGISTRY_OPTIONS,
);
const LOGOUT = entry(
  "logout <registry>",
  "Forget a registry's credentials",
  () => import("../commands/settings/logout.ts"),
);

/** Anything in a registry, an OCI layout or a tar of one; `pkg oci --help` lists them in this order. */
const OCI_ENTRIES: readonly Entry[] = [
  entry("push <reference> [files..]", "Push files as an artifact", () => import("../commands/oci/push.ts")),
  entry("pull <reference>", "Pull the files of an artifact", () => import("../commands/oci/pull.ts")),
  entry(
    "attach <reference> [files..]",
    "Push files that refer to another artifact",
    () => import("../commands/oci/attach.ts"),
  ),
  entry("referrers <reference>", "Show what refers to an artifact", () => import("../commands/oci/referrers.ts")),
  entry(
    ["copy <source> <target>", "cp"],
    "Copy between registries, layouts and archives",
    () => import("../commands/oci/copy.ts"),
  ),
  entry("resolve <reference>", "Print the digest that a reference names", () => import("../commands/oci/resolve.ts")),
  entry("tag <reference> <tags..>", "Give tags to a manifest", () => import("../commands/oci/tag.ts")),
  entry("tags <reference>", "List tags", () => import("../commands/oci/tags.ts")),
  entry("catalog <registry>", "List the repositories of a registry", () => import("../commands/oci/catalog.ts")),
  group("manifest", "Fetch, push, delete and inspect manifests", [
    entry("fetch <reference>", "Print a manifest, byte for byte", () => import("../commands/oci/manifest-fetch.ts")),
    entry("push <reference> <file>", "Push a manifest from a file", () => import("../commands/oci/manifest-push.ts")),
    entry(
      "delete <reference>",
      "Delete a tag, or a manifest by its digest",
      () => import("../commands/oci/manifest-delete.ts"),
    ),
    entry("inspect <reference>", "Explain a manifest", () => import("../commands/oci/manifest-inspect.ts")),
  ]),
  group("blob", "Fetch, push, delete and look for blobs", [
    entry("fetch <reference>", "Fetch a blob by its digest", () => import("../commands/oci/blob-fetch.ts")),
    entry("push <reference> <file>", "Push a file as a blob", () => import("../commands/oci/blob-push.ts")),
    entry("delete <reference>", "Delete a blob", () => import("../commands/oci/blob-delete.ts")),
    entry("exists <reference>", "Tell whether a blob is there", () => import("../commands/oci/blob-exists.ts")),
  ]),
  group("index", "Make and change image indexes", [
    entry(
      "create <reference> [manifests..]",
      "Make an image index of manifests",
      () => import("../commands/oci/index-create.ts"),
    ),
    entry(
      "add <reference> <manifests..>",
      "Add manifests to an image index",
      () => import("../commands/oci/index-add.ts"),
    ),
    entry(
      "remove <reference> <manifests..>",
      "Take manifests out of an image index",
      () => import("../commands/oci/index-remove.ts"),
    ),
  ]),
  group("layout", "Look after an OCI layout directory", [
    entry(
      "verify <directory>",
      "Hash every blob and follow every reference",
      () => import("../commands/oci/layout-verify.ts"),
    ),
    entry("ls <directory>", "List what a layout holds", () => import("../commands/oci/layout-ls.ts")),
    entry("gc <directory>", "Delete blobs that nothing refers to", () => import("../commands/oci/layout-gc.ts")),
  ]),
  entry("diff <left> <right>", "Tell what two references differ in", () => import("../commands/oci/diff.ts")),
  LOGIN,
  LOGOUT,
];

/** A repository of one's own; `pkg index --help` lists them in this order. */
const INDEX_ENTRIES: readonly Entry[] = [
  entry(
    "publish <reference> [directory]",
    "Build, sign and publish an index, or publish one that is built",
    () => import("../commands/index/publish.ts"),
  ),
  entry("build [sources..]", "Build an index into a directory", () => import("../commands/index/build.ts")),
  entry("sign [path]", "Add a signature to an index", () => import("../commands/index/sign.ts")),
  entry("lint <index>", "Look for all that is wrong with an index", () => import("../commands/index/lint.ts")),
  entry("diff <old> <new>", "Tell what two indexes differ in", () => import("../commands/index/diff.ts")),
];

/** Every command. The module of one is loaded when it is typed. */
export const COMMANDS: readonly Entry[] = [
  entry(["install <packages..>", "add", "i"], "Install packages", () => import("../commands/packages/install.ts")),
  entry(["remove <packages..>", "rm", "uninstall"], "Remove packages", () => import("../commands/packages/remove.ts")),
  entry(
    ["update [packages..]", "upgrade"],
    "Sync, then bring packages up to date",
    () => import("../commands/packages/update.ts"),
  ),
  entry(
    "outdated [packages..]",
    "Tell which packages have a newer version",
    () => import("../commands/packages/outdated.ts"),
  ),
  entry("search <query>", "Find packages", () => import("../commands/packages/search.ts")),
  entry("info <package>", "Show all that is known of a package", () => import("../commands/packages/info.ts")),
  entry(["list", "ls"], "List what is installed", () => import("../commands/packages/list.ts")),
  entry("files <package>", "List what a package placed", () => import("../commands/packages/files.ts")),
  entry("owns <path>", "Tell which package placed a path", () => import("../commands/packages/owns.ts")),
  entry("verify [packages..]", "Hash again what is installed", () => import("../commands/packages/verify.ts")),
  entry("sync [repositories..]", "Fetch the package indexes", () => import("../commands/repo/sync.ts")),
  entry(
    "repo [action] [repository] [url]",
    "List, add, remove, enable or disable repositories, and show their keys",
    () => import("../commands/repo/repo.ts"),
  ),
  entry("pull <reference>", "Fetch the files of a package, or one blob", () => import("../commands/packages/pull.ts")),
  entry(
    "init [reference]",
    "Write a pkg.json, which tells what to publish",
    () => import("../commands/publish/init.ts"),
  ),
  entry("publish [reference]", "Publish a program", () => import("../commands/publish/publish.ts"), REGISTRY_OPTIONS),
  group("key", "Keys to sign with, as minisign has them", [
    entry("generate [name]", "Make a key pair", () => import("../commands/key/generate.ts")),
    entry("import <file>", "Keep a key that was made elsewhere", () => import("../commands/key/import.ts")),
    entry("export [name]", "Print the public key, or the secret one", () => import("../commands/key/export.ts")),
    entry("show [name]", "Show keys", () => import("../commands/key/show.ts")),
  ]),
  group("index", "A repository of one's own: its index", INDEX_ENTRIES, REGISTRY_OPTIONS),
  entry("registry <action>", "Serve an OCI registry", () => import("../commands/registry/registry.ts")),
  group("oci", "Anything in registries, OCI layouts and archives", OCI_ENTRIES, REGISTRY_OPTIONS),
  LOGIN,
  LOGOUT,
  entry("config", "Show where things live and what is set", () => import("../commands/settings/config.ts")),
];
