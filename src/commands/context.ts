import type { Capabilities } from "../capabilities/capabilities.ts";
import type { Reporter } from "../report/reporter.ts";

/** Everything a command may use: the capabilities of operations, the reporter, and the global options. */
export interface Context extends Capabilities {
  readonly report: Reporter;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly workingDirectory: string;
  /** True if the result is to be one JSON document. */
  readonly json: boolean;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Releases what was opened. */
  close(): Promise<void>;
}
