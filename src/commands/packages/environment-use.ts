import type { CommandEnd } from "../command.ts";
import type { EnvironmentArguments } from "./environment-options.ts";

/** What runs in an environment. */
export interface EnvironmentUse {
  readonly specs: readonly string[];
  readonly args: EnvironmentArguments;
  /** The end of the command, by the directory of the environment. */
  readonly use: (directory: string, afterwards: (() => Promise<void>) | null) => CommandEnd;
}
