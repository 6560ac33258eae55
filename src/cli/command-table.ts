import { type CommandSection, type Entry, entry, group } from "./entries.ts";
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
  ["list", "ls"],
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
      ["remove <repository>", "rm"],
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

const KEY: Entry = group("key", "Keys for signing, compatible with minisign", [
  entry("generate [name]", "Make a key pair", () => import("../commands/key/generate.ts")),
  entry("import <file>", "Import a key that was made elsewhere", () => import("../commands/key/import.ts")),
  entry("export [name]", "Print the public key, or the secret one", () => import("../commands/key/export.ts")),
  entry(["show [name]", "ls", "list"], "Show keys", () => import("../commands/key/show.ts")),
]);

const loadInstall = () => import("../commands/packages/install.ts");

const PACKAGES: readonly Entry[] = [
  entry(["install [packages..]", "add", "i", "in"], "Install packages", loadInstall),
  {
    ...entry("reinstall <packages..>", "Install packages anew, in their newest version", loadInstall),
    preset: { reinstall: true },
  },
  entry(
    ["remove <packages..>", "rm", "uninstall", "un", "drop"],
    "Remove packages",
    () => import("../commands/packages/remove.ts"),
  ),
  entry(
    "autoremove",
    "Remove dependencies that nothing needs any more",
    () => import("../commands/packages/autoremove.ts"),
  ),
  entry(
    ["update [packages..]", "upgrade", "up"],
    "Sync, then bring packages up to date",
    () => import("../commands/packages/update.ts"),
  ),
  entry(
    "outdated [packages..]",
    "List the packages that have a newer version",
    () => import("../commands/inspect/outdated.ts"),
  ),
  entry("changes [packages..]", "Show what an update would bring", () => import("../commands/inspect/changes.ts")),
  entry("search [query..]", "Find packages", () => import("../commands/inspect/search.ts")),
  entry(
    ["info <packages..>", "show"],
    "Show everything that is known about packages",
    () => import("../commands/inspect/info.ts"),
  ),
  entry(["list [packages..]", "ls"], "List what is installed", () => import("../commands/inspect/list.ts")),
  entry("files <packages..>", "List what packages placed", () => import("../commands/inspect/files.ts")),
  entry("owns <paths..>", "Show which package placed a path", () => import("../commands/inspect/owns.ts")),
  entry(
    "which <programs..>",
    "Show which file a command runs, and which package placed it",
    () => import("../commands/inspect/which.ts"),
  ),
  entry(
    "command-not-found [program]",
    "Show which packages have a command",
    () => import("../commands/inspect/command-not-found.ts"),
  ),
  entry("why <packages..>", "Show why a package is installed", () => import("../commands/inspect/why.ts")),
  entry(
    "verify [packages..]",
    "Check installed files against their hashes",
    () => import("../commands/inspect/verify.ts"),
  ),
];

/** Which version of a package there is, and which of its programs. */
const VERSIONS: readonly Entry[] = [
  entry(
    "versions <packages..>",
    "List the versions that there are of packages",
    () => import("../commands/versions/versions.ts"),
  ),
  entry("use <packages..>", "Switch to a version that is kept", () => import("../commands/versions/use.ts")),
  entry(
    "pin <packages..>",
    "Keep packages at the version that is installed",
    () => import("../commands/versions/pin.ts"),
  ),
  entry("unpin <packages..>", "Let packages be updated again", () => import("../commands/versions/unpin.ts")),
  entry("link <packages..>", "Put programs into the bin directory", () => import("../commands/versions/link.ts")),
  entry(
    "unlink <packages..>",
    "Keep programs out of the bin directory",
    () => import("../commands/versions/unlink.ts"),
  ),
];

/** What is installed as a file says, here and elsewhere. */
const DECLARED: readonly Entry[] = [
  entry(
    "apply [file]",
    "Install what packages.toml names; with --prune, that alone",
    () => import("../commands/declare/apply.ts"),
  ),
  entry(
    "lock [file]",
    "Write packages.lock: exactly what packages.toml means now",
    () => import("../commands/declare/lock.ts"),
  ),
  entry("export", "Make a packages.toml of what is installed", () => import("../commands/declare/export.ts")),
];

/** What the profile has been, and how to have it back. */
const UNDOING: readonly Entry[] = [
  entry("history", "List what was changed, when, and by which command", () => import("../commands/history/history.ts")),
  entry("undo", "Undo the last change, and again the one before", () => import("../commands/history/undo.ts")),
  entry(
    "rollback [to]",
    "Bring back a generation, or the version of a package before",
    () => import("../commands/history/rollback.ts"),
  ),
  entry("diff [from] [to]", "Show what differs between two generations", () => import("../commands/history/diff.ts")),
  entry("clean", "Remove what nothing needs any more", () => import("../commands/history/clean.ts")),
];

/** What runs packages without installing them. */
const RUNNING: readonly Entry[] = [
  entry(
    "run <package> [--] [args..]",
    "Run a program without installing it",
    () => import("../commands/environments/run.ts"),
  ),
  entry(
    "exec [packages..] -- <command..>",
    "Run a command that finds packages on PATH",
    () => import("../commands/environments/exec.ts"),
  ),
  entry(
    "shell [packages..]",
    "Start a shell that finds packages on PATH",
    () => import("../commands/environments/shell.ts"),
  ),
  entry(
    "hook <shell>",
    "Print what a shell reads to have a project's programs on PATH",
    () => import("../commands/environments/hook.ts"),
  ),
  entry(
    "allow [directory]",
    "Let the hook use a project, as it is now",
    () => import("../commands/environments/allow.ts"),
  ),
  entry(
    "disallow [directory]",
    "Let the hook use a project no longer",
    () => import("../commands/environments/disallow.ts"),
  ),
];

/** Packages carried to where there is no network. */
const BUNDLE: Entry = group("bundle", "Packages to carry to a machine without a network", [
  entry(
    "create [packages..]",
    "Write packages, with all that they need, into a file or directory",
    () => import("../commands/bundle/create.ts"),
  ),
]);

const LIST_PROFILES = entry(
  ["list", "ls"],
  "List the profiles, and whether their programs are on PATH",
  () => import("../commands/profile/list.ts"),
);

/** Sets of packages beside each other; `pkg profile` alone lists them. */
const PROFILE: Entry = group(
  "profile",
  "Sets of packages beside each other, over one store",
  [
    LIST_PROFILES,
    entry("create <name>", "Make an empty profile", () => import("../commands/profile/create.ts")),
    entry(["remove <name>", "rm"], "Remove a profile with its packages", () => import("../commands/profile/remove.ts")),
  ],
  LIST_PROFILES,
);

/** The program itself. */
const SELF: Entry = group("self", "The program pkg itself", [
  entry("update", "Replace pkg by its newest version", () => import("../commands/self/update.ts")),
  entry("rollback", "Put back the program before the last update", () => import("../commands/self/rollback.ts")),
  entry("uninstall", "Remove pkg from this machine", () => import("../commands/self/uninstall.ts")),
]);

/** Every command, by what it is for. A command's module is loaded only when that command is typed. */
export const COMMAND_SECTIONS: readonly CommandSection[] = [
  { title: "Packages", entries: PACKAGES },
  { title: "Versions and links", entries: VERSIONS },
  { title: "Undoing", entries: UNDOING },
  { title: "Running what is not installed", entries: RUNNING },
  { title: "The same packages elsewhere", entries: [...DECLARED, BUNDLE] },
  {
    title: "Repositories, where packages come from",
    entries: [
      entry("sync [repositories..]", "Fetch the package indexes", () => import("../commands/repo/sync.ts")),
      REPO,
    ],
  },
  {
    title: "Publishing",
    entries: [
      entry(
        "init [reference]",
        "Write a pkg.json, which says what to publish",
        () => import("../commands/publish/init.ts"),
      ),
      registryEntry("publish [reference]", "Publish a program", () => import("../commands/publish/publish.ts")),
      KEY,
      group("index", "The index of your own repository", INDEX_ENTRIES),
    ],
  },
  {
    title: "Registries, layouts and archives",
    entries: [
      entry(
        "pull <reference>",
        "Fetch the files of a package, or one blob",
        () => import("../commands/packages/pull.ts"),
      ),
      OCI,
      REGISTRY,
      LOGIN,
      LOGOUT,
    ],
  },
  {
    title: "Settings",
    entries: [
      SELF,
      entry("env", "Print the line that puts programs on PATH", () => import("../commands/settings/env.ts")),
      PROFILE,
      entry("config", "Show where things live and what is set", () => import("../commands/settings/config.ts")),
      entry("doctor", "Find what is wrong; with --fix, mend it", () => import("../commands/settings/doctor.ts")),
      entry(
        "completion <shell>",
        "Print the script that completes command lines in bash, zsh or fish",
        () => import("../commands/settings/completion.ts"),
      ),
    ],
  },
];

/** Every command, in the order of `pkg --help`. */
export const COMMANDS: readonly Entry[] = COMMAND_SECTIONS.flatMap(({ entries }) => entries);
