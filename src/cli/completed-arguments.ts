import type { CalledCommand } from "./called-command.ts";

/** What may stand in some place of a command line. */
export type Completes =
  | "indexed"
  | "installed"
  | "repositories"
  | "keys"
  | "profiles"
  | "shells"
  | "files"
  | "directories"
  | "nothing";

/** Commands whose packages need not be installed. */
const OF_THE_INDEX = new Set([
  "install",
  "info",
  "search",
  "versions",
  "run",
  "exec",
  "shell",
  "changes",
  "lock",
  "create",
]);

/** What an argument is, by what the table of commands calls it. */
const BY_NAME: Readonly<Record<string, Completes>> = {
  shell: "shells",
  repository: "repositories",
  repositories: "repositories",
  directory: "directories",
  file: "files",
  files: "files",
  path: "files",
  paths: "files",
  reference: "files",
  source: "files",
  sources: "files",
  target: "files",
  manifests: "files",
  index: "files",
  old: "files",
  new: "files",
  left: "files",
  right: "files",
};

/** Commands whose only argument is the name of a key that need not be a file. */
const NEW_NAMES = /^pkg (?:repo add|key generate)$/;

/** What the argument after `before` others may be, as the usage of the command names it. */
export function argumentKind({ words, entry }: CalledCommand, before: number): Completes {
  if (entry?.kind !== "command") return "nothing";
  const [own = "", ...positionals] = entry.usage[0].split(" ");
  const last = positionals.at(-1);
  const form = positionals[before] ?? (last?.includes("..") === true ? last : undefined);
  const name = form?.replaceAll(/[<>[\].]/g, "");
  if (name === undefined || (before === 0 && NEW_NAMES.test(words.join(" ")))) return "nothing";
  if (name === "packages" || name === "query" || name === "package")
    return OF_THE_INDEX.has(own) ? "indexed" : "installed";
  if (name === "name" && words[1] === "key") return "keys";
  if (name === "name" && words.join(" ").endsWith("profile remove")) return "profiles";
  return BY_NAME[name] ?? "nothing";
}

/** What the value of an option is, by what help calls it. */
export function valueKind(valueName: string | null): Completes {
  if (valueName === "DIR") return "directories";
  if (valueName === "PROFILE") return "profiles";
  return ["FILE", "PATH", "KEY", "SOURCE", "CERT"].includes(valueName ?? "") ? "files" : "nothing";
}
