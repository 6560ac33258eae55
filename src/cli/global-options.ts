import type { DeclaredOption } from "../commands/declaration.ts";
import type { OptionRule } from "../commands/option-rules.ts";

/** When text is coloured, as `--color` takes it. */
export const COLOR_CHOICES = ["auto", "always", "never"] as const;

/** The options that every command takes; a command may declare one of the same name for itself. */
export const GLOBAL_OPTIONS = {
  json: { type: "boolean", description: "Print one JSON document" },
  quiet: { alias: "q", type: "boolean", description: "Only results and errors" },
  verbose: { alias: "v", type: "boolean", description: "More detail, such as each request that is sent" },
  color: {
    type: "boolean",
    choices: COLOR_CHOICES,
    description: "auto, always or never; --no-color: plain text",
  },
  yes: { alias: "y", type: "boolean", default: false, description: "Answer every question with yes" },
  "dry-run": { type: "boolean", default: false, description: "Show what would be done, and change nothing" },
  offline: { type: "boolean", description: "Send no request" },
  config: { type: "string", value: "FILE", description: "The config file, which has to exist" },
  home: { type: "string", value: "DIR", description: "Keep everything under this directory" },
  profile: { type: "string", value: "PROFILE", description: "Work on that profile" },
  system: { type: "boolean", description: "Work on what is installed for all users, in /opt/pkg" },
  concurrency: { type: "number", value: "N", description: "Blobs fetched at a time, 1 to 64" },
  "ca-file": { type: "string", value: "FILE", description: "PEM certificates to trust as well" },
} as const satisfies Readonly<Record<string, DeclaredOption>>;

/** What every command line may ask for instead of running a command. */
export const ASKING_OPTIONS = {
  help: { alias: "h", type: "boolean", description: "Show this help" },
  version: { alias: "V", type: "boolean", description: "Print the version of pkg" },
} as const satisfies Readonly<Record<string, DeclaredOption>>;

/** All of these, by name. */
export const COMMON_OPTIONS: ReadonlyMap<string, DeclaredOption> = new Map(
  Object.entries({ ...GLOBAL_OPTIONS, ...ASKING_OPTIONS }),
);

/** Rules for the global options; the number has the same bounds as in the config file. */
export const GLOBAL_RULES: readonly OptionRule[] = [
  { kind: "whole-number", option: "concurrency", from: 1, to: 64, what: null },
];

/** The arguments of any command that the program itself looks at. */
export interface GlobalArguments {
  readonly home?: string | undefined;
  readonly profile?: string | undefined;
  readonly system?: boolean | undefined;
  readonly config?: string | undefined;
  readonly offline?: boolean | undefined;
  readonly concurrency?: number | undefined;
  readonly caFile?: string | undefined;
  /** Both are options of the commands that may contact the registries they are given. */
  readonly plainHttp?: boolean | undefined;
  readonly insecure?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/** The global options among the values of a command line, by the names that the program uses. */
export function globalsOf(values: Readonly<Record<string, unknown>>): GlobalArguments {
  const text = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  const is = (name: string) => (typeof values[name] === "boolean" ? values[name] : undefined);
  return {
    home: text("home"),
    profile: text("profile"),
    system: is("system"),
    config: text("config"),
    offline: is("offline"),
    concurrency: typeof values["concurrency"] === "number" ? values["concurrency"] : undefined,
    caFile: text("ca-file"),
    plainHttp: is("plain-http"),
    insecure: is("insecure"),
    json: is("json"),
    verbose: is("verbose"),
    dryRun: is("dry-run") === true,
    yes: is("yes") === true,
  };
}
