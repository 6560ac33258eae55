import type { Environment } from "../base/environment.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import type { Config } from "../config/config.ts";
import type { Paths } from "../config/paths.ts";
import type { PkgError } from "../errors.ts";
import type { Reporter } from "../report/reporter.ts";

/** What is wrong with what a run is configured by. */
export type Trouble =
  /** The config cannot be read: there is one without it. */
  | { readonly kind: "config"; readonly error: PkgError }
  /** What would be a warning elsewhere. */
  | { readonly kind: "variable"; readonly message: string };

/** Everything a command may use: the capabilities of operations, the reporter, and the global options. */
export interface Context extends Capabilities {
  readonly report: Reporter;
  readonly dryRun: boolean;
  /** True where what is changed is a copy. */
  readonly isRehearsal?: boolean;
  readonly yes: boolean;
  readonly workingDirectory: string;
  /** What was typed, quoted as a shell wants it, without secrets. */
  readonly command: string;
  /** True if the result is to be one JSON document. */
  readonly json: boolean;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** The variables of this run, for the programs that it runs. */
  readonly env: Environment;
  /** What is wrong with config and variables, for commands that examine that; empty for all others. */
  readonly troubles: readonly Trouble[];
  /** The version of this program. */
  readonly version: string;
  /** The same with other places, which has to be closed as well. */
  at(paths: Partial<Paths>): Context;
  /** The same run by another configuration; it is released on its own. */
  withConfig(config: Config): Context;
  /** The same for another profile, which has to be closed as well. */
  inProfile(name: string): Context;
  /** Releases what was opened. */
  close(): Promise<void>;
}
