import type { Readable, Writable } from "node:stream";
import type { Environment } from "../base/environment.ts";

/** What a run of the program has around it, as `main` hands it in. */
export interface World {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Null when it has been removed. */
  readonly workingDirectory: string | null;
  readonly signal: AbortSignal;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** A terminal, or anything else that can be written to. */
type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };
