import { EXIT_CODES, PkgError } from "../errors.ts";
import {
  addRepository,
  listRepositories,
  type RepositorySummary,
  removeRepository,
  setRepositoryEnabled,
} from "../operations/repositories.ts";
import { columns } from "../report/columns.ts";
import { defineCommand } from "./command.ts";

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional("action", {
        choices: ["list", "add", "remove", "enable", "disable"] as const,
        default: "list" as const,
      })
      .positional("name", { type: "string", description: "The repository's name" })
      .positional("url", { type: "string", description: "Where its index is" })
      .option("key", {
        type: "string",
        array: true,
        default: [],
        description: "A minisign public key; may be repeated",
      })
      .example("$0 repo", "Every repository and the age of its index")
      .example("$0 repo add tools https://example.org/index.json.zst --key RWQ…", "One more, with its key")
      .example("$0 repo disable pkgcache", "Keep it, but do not use it"),
  run: async (context, args) => {
    if (args.action === "list") {
      const outcome = listRepositories(context);
      context.report.result(outcome, () => columns(outcome.repositories.map(row)));
      return EXIT_CODES.done;
    }
    const change = apply(context, args.action, args);
    context.report.result(change, () => [`${change.change} ${change.name} in ${change.configFile}`]);
    return EXIT_CODES.done;
  },
});

interface Typed {
  readonly name: string | undefined;
  readonly url: string | undefined;
  readonly key: readonly string[];
}

function apply(
  context: Parameters<typeof addRepository>[0],
  action: "add" | "remove" | "enable" | "disable",
  typed: Typed,
) {
  const name = required(typed.name, action, "NAME");
  if (action === "add")
    return addRepository(context, { name, url: required(typed.url, action, "URL"), keys: typed.key });
  return action === "remove"
    ? removeRepository(context, name)
    : setRepositoryEnabled(context, name, action === "enable");
}

function required(value: string | undefined, action: string, what: string): string {
  if (value !== undefined) return value;
  throw new PkgError("USAGE", `Cannot ${action} a repository: ${what} is missing`, { hint: "See `pkg repo --help`" });
}

function row(item: RepositorySummary): readonly string[] {
  const packages = item.packages === null ? "never synced" : `${item.packages} packages`;
  const state = item.enabled ? packages : "disabled";
  return [
    item.name,
    state,
    item.syncedAt ?? "",
    item.keys.length > 0 ? `key ${item.keys.join(", ")}` : "no key",
    item.url,
  ];
}
