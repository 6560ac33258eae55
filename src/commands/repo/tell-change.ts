import type { RepositoryChange } from "../../repositories/repositories.ts";
import type { Context } from "../context.ts";
import { repositoryChangeLines } from "./lines.ts";

/** Says what was changed of a repository, or would be; the config file is the real one. */
export function tellChange({ config, report, dryRun }: Context, change: RepositoryChange): void {
  const outcome = { ...change, configFile: config.paths.configFile, dryRun };
  report.result(outcome, () => repositoryChangeLines(outcome));
}
