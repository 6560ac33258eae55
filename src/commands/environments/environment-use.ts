import type { Project } from "../../environments/project.ts";
import type { CommandEnd } from "../command.ts";
import type { EnvironmentArguments } from "./environment-options.ts";

/** What runs in an environment. */
export interface EnvironmentUse {
  /** What is named; none: the project's packages. */
  readonly specs: readonly string[];
  readonly args: EnvironmentArguments;
  /** The end of the command. */
  readonly use: (used: UsedEnvironment) => CommandEnd;
}

/** An environment to use. */
export interface UsedEnvironment {
  /** Of the environment; absolute. */
  readonly directory: string;
  /** The project that it is of; null: its packages were named. */
  readonly project: Project | null;
  /** What is to be done once it is not needed any more; null: nothing. */
  readonly afterwards: (() => Promise<void>) | null;
}
