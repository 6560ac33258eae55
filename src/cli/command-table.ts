import { type Entry, entry, group } from "./entries.ts";
import { OCI } from "./oci-table.ts";
import { LOGIN, LOGOUT, REGISTRY, registryEntry } from "./registry-table.ts";

/** Commands for your own repository; `pkg index --help` lists them in this order. */
const INDEX_ENTRIES: readonly Entry[] = [
  registryEntry(
    "publish <reference> [directory]",
    "Build, sign and publish an index, or publish one that is built",
    () => import("../commands/index/publish.ts"),
  ),
  registryEntry("build [sources..]", "Build an index into a directory", () => import("../commands/index/build.ts")),
  entry("sign [path]", "Add a signature to an index", () => import("../commands/index/sign.ts")),
  registryEntry("lint <index>", "Check an index for problems", () => import("../commands/index/lint.ts")),
  registryEntry("diff <old> <new>", "Show how two indexes differ", () => import("../commands/index/diff.ts")),
];

const LIST_REPOSITORIES = entry(
  "list",
  "List the repositories, their keys and the age of their indexes",
  () => import("../commands/repo/list.ts"),
);

/** Where packages come from; `pkg repo` alone lists them. */
const REPO: Entry = group(
  "repo",
  "Package repositories, and the keys they are trusted by",
  [
    LIST_REPOSITORIES,
    entry("add <repository> [url]", "Add a repository", () => import("../commands/repo/add.ts")),
    entry(
      "remove <repository>",
      "Remove a repository, and forget its keys",
      () => import("../commands/repo/remove.ts"),
    ),
    entry("enable <repository>", "Use a repository again", () => import("../commands/repo/enable.ts")),
    entry("disable <repository>", "Keep a repository, but do not use it", () => import("../commands/repo/disable.ts")),
    entry(
      "trust <repository>",
      "Show which keys of a repository are pinned, or accept new ones",
      () => import("../commands/repo/trust.ts"),
    ),
  ],
  LIST_REPOSITORIES,
);

/** Every command. A command's module is loaded only when that command is typed. */
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
    "List the packages that have a newer version",
    () => import("../commands/packages/outdated.ts"),
  ),
  entry("search <query>", "Find packages", () => import("../commands/packages/search.ts")),
  entry(
    "info <package>",
    "Show everything that is known about a package",
    () => import("../commands/packages/info.ts"),
  ),
  entry(["list", "ls"], "List what is installed", () => import("../commands/packages/list.ts")),
  entry("files <package>", "List what a package placed", () => import("../commands/packages/files.ts")),
  entry("owns <path>", "Show which package placed a path", () => import("../commands/packages/owns.ts")),
  entry(
    "verify [packages..]",
    "Check installed files against their hashes",
    () => import("../commands/packages/verify.ts"),
  ),
  entry("sync [repositories..]", "Fetch the package indexes", () => import("../commands/repo/sync.ts")),
  REPO,
  entry("pull <reference>", "Fetch the files of a package, or one blob", () => import("../commands/packages/pull.ts")),
  entry(
    "init [reference]",
    "Write a pkg.json, which says what to publish",
    () => import("../commands/publish/init.ts"),
  ),
  registryEntry("publish [reference]", "Publish a program", () => import("../commands/publish/publish.ts")),
  group("key", "Keys for signing, compatible with minisign", [
    entry("generate [name]", "Make a key pair", () => import("../commands/key/generate.ts")),
    entry("import <file>", "Import a key that was made elsewhere", () => import("../commands/key/import.ts")),
    entry("export [name]", "Print the public key, or the secret one", () => import("../commands/key/export.ts")),
    entry("show [name]", "Show keys", () => import("../commands/key/show.ts")),
  ]),
  group("index", "The index of your own repository", INDEX_ENTRIES),
  REGISTRY,
  OCI,
  LOGIN,
  LOGOUT,
  entry("config", "Show where things live and what is set", () => import("../commands/settings/config.ts")),
];
