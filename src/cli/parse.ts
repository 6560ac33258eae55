import { settledConfig } from "./artifact-config.ts";
import { calledCommand, commandOf } from "./called-command.ts";
import { checkedLine } from "./check-line.ts";
import { declarationsOf } from "./declared.ts";
import type { CommandEntry, CommandSection, Entry } from "./entries.ts";
import { COMMON_OPTIONS, GLOBAL_RULES, type GlobalArguments, globalsOf } from "./global-options.ts";
import { passingOf } from "./passed-words.ts";
import { readWords } from "./read-words.ts";
import { joinSplitReferences } from "./split-reference.ts";
import { commandHelpText, helpOn, isAsked, type ParsedText, versionAsked, withoutCommand } from "./texts.ts";

type LoadedCommand = Awaited<ReturnType<CommandEntry["load"]>>["command"];

/** What a command line asks for: text to show, or a command to run. */
export type Parsed = ParsedText | ParsedCommand;

/** A command to run, with what was typed for it. */
export interface ParsedCommand {
  readonly kind: "command";
  readonly command: LoadedCommand;
  /** Its arguments, the global options among them. */
  readonly args: GlobalArguments;
}

/** A command line, and what its reader needs to know. */
export interface ParseRequest {
  readonly entries: readonly Entry[];
  /** The same entries, by what they are for; default: one section. */
  readonly sections?: readonly CommandSection[];
  /** What was typed after the program's name. */
  readonly words: readonly string[];
  /** The program's own version. */
  readonly version: string;
  /** How wide help may be, in characters. */
  readonly columns: number;
}

/**
 * Reads a command line. Only the module of the command that it names is loaded.
 *
 * @throws {PkgError} USAGE for words, options and values that the command does not take
 */
export async function parseCommandLine(request: ParseRequest): Promise<Parsed> {
  const called = calledCommand(request.entries, request.words);
  if (called.unknown === "help") return helpOn(request, called);
  const entry = commandOf(called);
  if (entry === null || called.unknown !== null) return withoutCommand(request, called);
  const { command } = await entry.load();
  const declared = declarationsOf((to) => command.options(to).options(entry.options));
  const options = new Map([...COMMON_OPTIONS, ...declared.options]);
  const read = readWords(called.rest, options, passingOf(entry.usage[0]));
  if (isAsked("help", read)) return commandHelpText(request, called);
  if (!declared.options.has("version") && isAsked("version", read)) return versionAsked(request, called, read);
  const rules = [...GLOBAL_RULES, ...(command.rules ?? [])];
  const values = checkedLine(called, {
    read: { ...read, args: joinSplitReferences(read.args, entry.usage[0]) },
    options,
    positionals: declared.positionals,
    usage: entry.usage[0],
    rules,
  });
  const args = { ...values, ...entry.preset, ...globalsOf(values) };
  const { artifactConfig } = command;
  return {
    kind: "command",
    command,
    args: artifactConfig === undefined ? args : settledConfig(args, artifactConfig, called),
  };
}
