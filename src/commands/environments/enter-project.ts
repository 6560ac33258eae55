import { basename, join } from "node:path";
import { readEnvironment } from "../../environments/environment.ts";
import { isUsable, PARTS } from "../../environments/environment-place.ts";
import { foundBefore, rememberFound } from "../../environments/lookup.ts";
import { obtainEnvironment } from "../../environments/obtain-environment.ts";
import { allowancePath, isAllowed, type Project, projectAt } from "../../environments/project.ts";
import { EXIT_CODES, type ExitCode } from "../../errors.ts";
import { finishWith } from "../command.ts";
import type { Context } from "../context.ts";
import { environmentRequest } from "./environment-request.ts";

/** What nobody typed, as there is nobody to ask. */
const NOTHING_TYPED = {
  ...{ refresh: false, key: undefined, "with-libraries": false, "allow-name": [], "signed-as": [] },
  ...{ "insecure-skip": [], "allow-stale": false, programs: [], isOnPath: true },
} as const;

const MAX_NAMED = 6;

/**
 * Prints for the hook of a shell where the programs of the project here are, `+DIRECTORY`; or, for one that is not allowed, what would be
 * there if it were, `-FILE`. Nothing is fetched for that one.
 */
export async function enterProject(context: Context): Promise<ExitCode> {
  const { config, report, workingDirectory } = context;
  const project = projectAt(workingDirectory, config.paths);
  if (project === null) return EXIT_CODES.done;
  if (!isAllowed(config.paths, project)) {
    report.print([`-${allowancePath(config.paths, project)}`]);
    report.emit({ kind: "note", message: `${project.file} is not allowed: read it, then run \`pkg allow\`` });
    return EXIT_CODES.done;
  }
  const lookup = { config, version: context.version, typed: ["project", project] };
  const found = foundBefore(lookup, context.now())?.environment ?? null;
  if (found !== null && isUsable(found)) return entered(context, project, found);
  const request = { ...environmentRequest(context, [], NOTHING_TYPED), project };
  // Closed before what was found is remembered: closing a database changes its files, by which that is judged.
  const own = context.at({});
  const made = await obtainEnvironment(own, request).finally(() => own.close());
  if (made.kind === "failed") return finishWith(context, made.errors);
  const { directory } = made.environment;
  rememberFound(lookup, { environment: directory, program: null });
  return entered(context, project, directory);
}

function entered({ report }: Context, project: Project, directory: string): ExitCode {
  const asked = (readEnvironment(directory)?.packages ?? []).filter(({ isDependency }) => !isDependency);
  const names = asked.slice(0, MAX_NAMED).map(({ name, version }) => `${name} ${version}`);
  const more = asked.length > MAX_NAMED ? [`${asked.length - MAX_NAMED} more`] : [];
  report.emit({ kind: "note", message: `Entered ${basename(project.directory)}: ${[...names, ...more].join(", ")}` });
  report.print([`+${join(directory, PARTS.bin)}`]);
  return EXIT_CODES.done;
}
