import type { InferredOptionTypes, Options } from "yargs";
import type { OptionRule } from "../commands/option-rules.ts";

/** The options that every command takes. */
export const GLOBAL_OPTIONS = {
  json: { type: "boolean", description: "Print one JSON document", global: true },
  quiet: { alias: "q", type: "boolean", description: "Only results and errors", global: true },
  verbose: { alias: "v", type: "boolean", description: "More detail", global: true },
  color: { type: "boolean", default: true, description: "--no-color: plain text", global: true },
  yes: { alias: "y", type: "boolean", default: false, description: "Answer every question with yes", global: true },
  "dry-run": {
    type: "boolean",
    default: false,
    description: "Show what would be done, and change nothing",
    global: true,
  },
  offline: { type: "boolean", description: "Send no request", global: true },
  config: { type: "string", requiresArg: true, description: "The config file", global: true },
  home: { type: "string", requiresArg: true, description: "Keep everything under this directory", global: true },
  concurrency: { type: "number", requiresArg: true, description: "Blobs fetched at a time", global: true },
  "ca-file": { type: "string", requiresArg: true, description: "PEM certificates to trust as well", global: true },
} as const satisfies Readonly<Record<string, Options>>;

/** Rules for those options; the number has the same bounds as in the config file. */
export const GLOBAL_RULES: readonly OptionRule[] = [
  { kind: "whole-number", option: "concurrency", from: 1, to: 64, what: null },
];

/** The global options as yargs types them. */
export type ParsedGlobals = InferredOptionTypes<typeof GLOBAL_OPTIONS>;

/** The arguments of any command that the program itself looks at. */
export interface GlobalArguments {
  readonly home?: string | undefined;
  readonly config?: string | undefined;
  readonly offline?: boolean | undefined;
  readonly concurrency?: number | undefined;
  readonly caFile?: string | undefined;
  /** Both are options of the commands that may contact the registries they are given. */
  readonly plainHttp?: boolean | undefined;
  readonly insecure?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
}
