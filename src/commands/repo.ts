import type { Context } from "../context.ts";
import { EXIT_CODES, PkgError } from "../errors.ts";
import { addRepository } from "../operations/add-repository.ts";
import { listRepositories, removeRepository, setRepositoryEnabled } from "../operations/repositories.ts";
import { acceptKeys, showTrust } from "../operations/repository-trust.ts";
import { columns } from "../report/columns.ts";
import { defineCommand } from "./command.ts";
import { addedLines, changeLine, repositoryRow, trustLines } from "./repository-lines.ts";

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional("action", {
        choices: ["list", "add", "remove", "enable", "disable", "trust"] as const,
        default: "list" as const,
      })
      .positional("repository", { type: "string", description: "Its name; for add, where its index is will do" })
      .positional("url", { type: "string", description: "Where its index is: an address, or a reference" })
      .option("name", { type: "string", requiresArg: true, description: "For add: what to call it" })
      .option("key", {
        type: "string",
        array: true,
        default: [],
        description: "For add: a minisign public key; may be repeated",
      })
      .option("threshold", {
        type: "number",
        requiresArg: true,
        description: "For add: how many of the keys have to sign",
      })
      .option("accept-keys", {
        type: "string",
        array: true,
        default: [],
        description: "For trust: its new keys, all of them",
      })
      .example("$0 repo", "Every repository, its keys and the age of its index")
      .example("$0 repo add ghcr.io/me/index", "One in a registry: its keys are shown and pinned")
      .example("$0 repo add tools https://example.org/index.json.zst --key RWQ…", "One more, with its key")
      .example("$0 repo trust tools", "Which keys are pinned")
      .example("$0 repo trust tools --accept-keys RWQ…", "Others from now on, as the publisher tells them")
      .example("$0 repo disable pkgcache", "Keep it, but do not use it"),
  run: async (context, args) => {
    const { outcome, lines } = await carryOut(context, args);
    context.report.result(outcome, () => lines);
    return EXIT_CODES.done;
  },
});

interface Typed {
  readonly action: "list" | "add" | "remove" | "enable" | "disable" | "trust";
  readonly repository: string | undefined;
  readonly url: string | undefined;
  readonly name: string | undefined;
  readonly key: readonly string[];
  readonly threshold: number | undefined;
  readonly "accept-keys": readonly string[];
}

interface Done {
  readonly outcome: unknown;
  readonly lines: readonly string[];
}

async function carryOut(context: Context, typed: Typed): Promise<Done> {
  const { style } = context.report;
  switch (typed.action) {
    case "list": {
      const outcome = listRepositories(context);
      return { outcome, lines: columns(outcome.repositories.map((item) => repositoryRow(item, style))) };
    }
    case "add": {
      const outcome = await addRepository(context, placeOf(typed));
      return { outcome, lines: addedLines(outcome, style) };
    }
    case "trust": {
      const [name, keys] = [required(typed), typed["accept-keys"]];
      const outcome = await (keys.length > 0 ? acceptKeys(context, name, keys) : showTrust(context, name));
      return { outcome, lines: trustLines(outcome, style) };
    }
    default: {
      const outcome = await change(context, typed.action, required(typed));
      return { outcome, lines: changeLine(outcome) };
    }
  }
}

function change(context: Context, action: "remove" | "enable" | "disable", name: string) {
  return action === "remove"
    ? removeRepository(context, name)
    : setRepositoryEnabled(context, name, action === "enable");
}

/** `add NAME URL`, or `add URL`, whose name is that of `--name` or of the index. */
function placeOf(typed: Typed) {
  const { url, key, threshold = null, name } = typed;
  const first = required(typed);
  if (url === undefined) return { name: name ?? null, place: first, keys: key, threshold };
  if (name === undefined) return { name: first, place: url, keys: key, threshold };
  throw new PkgError("USAGE", `Cannot add a repository: it is named twice, "${first}" and "${name}"`, {
    hint: `Type pkg repo add ${url} --name ${name}`,
  });
}

function required({ repository, action }: Typed): string {
  if (repository !== undefined) return repository;
  throw new PkgError("USAGE", `Cannot ${action} a repository: its name is missing`, { hint: "See `pkg repo --help`" });
}
