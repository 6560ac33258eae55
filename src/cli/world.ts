import type { Readable } from "node:stream";
import type { Environment } from "../base/environment.ts";
import type { Program } from "../commands/program.ts";

/** What a run of the program has around it, as `main` hands it in. */
export interface World {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Null when it has been removed. */
  readonly workingDirectory: string | null;
  readonly signal: AbortSignal;
  /** Opens it, once something is asked or read: to open what is no terminal takes longer than many commands. */
  readonly stdin: () => Readable & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Runs another program in this one's place, and gives its exit code. @throws {PkgError} when it cannot be started */
  readonly become: (program: Program) => Promise<number>;
}

/** A terminal, or anything else that can be written to. */
export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
