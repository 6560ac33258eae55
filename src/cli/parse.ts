import type { Argv } from "yargs";
import { settledConfig } from "./artifact-config.ts";
import { checkArguments } from "./check-arguments.ts";
import { END_OF_OPTIONS, withMarks, withoutMarks } from "./dashed-words.ts";
import { type CommandEntry, type Entry, type GroupEntry, namesOf } from "./entries.ts";
import { GLOBAL_OPTIONS, GLOBAL_RULES, type GlobalArguments, type ParsedGlobals } from "./global-options.ts";
import { type TypedOptions, typedOptions } from "./typed-options.ts";
import { type CalledCommand, calledCommand, usageError, yargsProblem, yargsStrings } from "./usage.ts";

type LoadedCommand = Awaited<ReturnType<CommandEntry["load"]>>["command"];

/** What a command line asks for: text to show, or a command to run. */
export type Parsed = { readonly kind: "text"; readonly text: string } | ParsedCommand;

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
  /** What was typed after the program's name. */
  readonly words: readonly string[];
  /** The program's own version. */
  readonly version: string;
  /** How wide help may be, in characters. */
  readonly columns: number;
}

/** A command that yargs has found, with what was typed for it. */
interface Found {
  readonly entry: CommandEntry;
  readonly args: GlobalArguments;
  readonly options: TypedOptions;
}

/**
 * Reads a command line. Only the module of the command that it names is loaded.
 *
 * @throws {PkgError} USAGE for words, options and values that the command does not take
 */
export async function parseCommandLine(request: ParseRequest): Promise<Parsed> {
  const called = calledCommand(request.entries, request.words);
  const parser = await createParser(request, called);
  const found: Found[] = [];
  addEntries(parser, request, (value) => void found.push(value));
  const text = await textOf(parser, request.words, called);
  const [only] = found;
  return only === undefined ? { kind: "text", text } : await checked(only, called);
}

async function checked({ entry, args, options }: Found, called: CalledCommand): Promise<Parsed> {
  const { command } = await entry.load();
  checkArguments({ rules: [...GLOBAL_RULES, ...(command.rules ?? [])], args, options }, called);
  const { artifactConfig } = command;
  const settled = artifactConfig === undefined ? args : settledConfig(args, artifactConfig, called);
  return { kind: "command", command, args: withoutMarks(settled) };
}

async function createParser({ version, columns }: ParseRequest, called: CalledCommand): Promise<Parser> {
  const { default: yargs } = await import("yargs");
  const parser = yargs([])
    .options(GLOBAL_OPTIONS)
    .option(END_OF_OPTIONS, { type: "boolean", hidden: true, global: true })
    .scriptName("pkg")
    .usage("$0 <command>\n\nInstalls programs from OCI registries, verified.")
    .version(version)
    .locale("en")
    .wrap(columns)
    .strict()
    .recommendCommands()
    .demandCommand(1, "Name a command")
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error instanceof Error ? error : usageError(yargsProblem(message, called), called);
    })
    .epilogue("Exit codes: 0 done, 1 failed, 2 usage, 75 worth retrying, 130 interrupted");
  // Its types do not include plurals.
  Reflect.apply(parser.updateStrings, parser, [yargsStrings(called)]);
  return parser;
}

/** Runs the parser; returns the help or the version, if that is what was asked for. */
async function textOf(parser: Parser, words: readonly string[], called: CalledCommand): Promise<string> {
  let text = "";
  try {
    await parser.parseAsync(withMarks(words), {}, (_error: unknown, _args: unknown, output: string) => {
      text = output;
    });
    return text;
  } catch (error) {
    // Problems that its parser finds, such as `--home` without a directory, do not reach `fail`.
    const isUsage = error instanceof Error && error.name === "YError";
    throw isUsage ? usageError(yargsProblem(error.message, called), called) : error;
  }
}

type Parser = Argv<ParsedGlobals>;
type Find = (found: Found) => void;

/**
 * Adds only the entry that the first word names to `parser`, because yargs prepares help for every command it knows.
 * Adds all entries if the word names none.
 */
function addEntries(
  parser: Parser,
  { entries, words }: { readonly entries: readonly Entry[]; readonly words: readonly string[] },
  find: Find,
): Parser {
  const [typed = "", ...rest] = words;
  const named = entries.filter((entry) => namesOf(entry).includes(typed));
  for (const entry of named.length === 0 ? entries : named) {
    if (entry.kind === "group") addGroup(parser, entry, rest, find);
    else addCommand(parser, entry, find);
  }
  return parser;
}

function addCommand(parser: Parser, entry: CommandEntry, find: Find): void {
  const build = async (inner: Parser): Promise<Parser> => {
    const { command } = await entry.load();
    const known = inner.options(entry.options);
    return command.options(command.ownVersion === true ? known.version(false) : known);
  };
  const use = (args: GlobalArguments): void => {
    find({ entry, args, options: typedOptions(parser) });
  };
  parser.command([...entry.usage], entry.description, build, use);
}

function addGroup(parser: Parser, group: GroupEntry, words: readonly string[], find: Find): void {
  const { name, description, entries, alone } = group;
  const build = (inner: Parser) => {
    const own = addEntries(inner, { entries, words }, find);
    return alone === null ? own.demandCommand(1, `Name a command of "${name}"`) : own;
  };
  const use = (args: GlobalArguments) => {
    if (alone !== null) find({ entry: alone, args, options: typedOptions(parser) });
  };
  parser.command(name, description, build, use);
}
