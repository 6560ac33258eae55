import { PkgError } from "../../errors.ts";
import { columns } from "../../report/columns.ts";
import { addRepository } from "../../repositories/add-repository.ts";
import { removeRepository, setRepositoryEnabled, summarizeRepositories } from "../../repositories/repositories.ts";
import { acceptKeys, showTrust } from "../../repositories/repository-trust.ts";
import type { Context } from "../context.ts";
import { addedLines, changeLine, repositoryRow, trustLines } from "./repository-lines.ts";

export const REPOSITORY_ACTIONS = ["list", "add", "remove", "enable", "disable", "trust"] as const;

/** What was typed behind `pkg repo`. */
interface Typed {
  readonly action: (typeof REPOSITORY_ACTIONS)[number];
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

/** Does what `pkg repo ACTION` asks for: its outcome, and the lines that tell it. */
export async function carryOut(context: Context, typed: Typed): Promise<Done> {
  const { style } = context.report;
  switch (typed.action) {
    case "list": {
      const outcome = summarizeRepositories(context);
      return { outcome, lines: columns(outcome.repositories.map((item) => repositoryRow(item, style))) };
    }
    case "add": {
      const outcome = await addRepository(context, { ...placeOf(typed), directory: context.workingDirectory });
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
