import { type CalledCommand, calledCommand, isOption } from "./called-command.ts";
import { declarationsOf } from "./declared.ts";
import type { CommandSection, Entry } from "./entries.ts";
import { COMMON_OPTIONS } from "./global-options.ts";
import { type ReadWords, readWords } from "./read-words.ts";
import { commandAfterDashes, noCommand, notAVersion, unknownCommand, unknownOptions, usageError } from "./usage.ts";
import { optionValues } from "./values.ts";

/** Help, or the version. */
export interface ParsedText {
  readonly kind: "text";
  readonly text: string;
  /** What `--json` prints. */
  readonly json: { readonly version: string } | { readonly help: string };
}

interface TextRequest {
  readonly entries: readonly Entry[];
  readonly sections?: readonly CommandSection[];
  readonly version: string;
  readonly columns: number;
}

/** True if `--help` or `--version` was typed, and not turned off. */
export function isAsked(name: "help" | "version", { given }: ReadWords): boolean {
  return given.some((one) => one.name === name && !one.negated && one.text !== "false");
}

/**
 * What a line gets that names no command: help, the version, or a reason.
 *
 * @throws {PkgError} USAGE
 */
export async function withoutCommand(request: TextRequest, called: CalledCommand): Promise<ParsedText> {
  const { rest, unknown, words, entry } = called;
  const read = readWords(rest, COMMON_OPTIONS);
  if (read.unknown.length > 0) throw usageError(unknownOptions(read.unknown, COMMON_OPTIONS, called), called);
  if (unknown === "version" && words.length === 1 && read.args.length === 1) return versionText(request);
  if (unknown !== null) throw usageError(unknownCommand(unknown, called), called);
  if (read.args.length > 0) throw usageError(commandAfterDashes(read.args, called), called);
  if (isAsked("help", read)) return commandHelpText(request, called);
  const line = optionValues(read, COMMON_OPTIONS);
  if ("text" in line) throw usageError(line, called);
  if (isAsked("version", read)) return versionText(request);
  if (entry === null) return commandHelpText(request, called);
  throw noCommand(called);
}

/**
 * The version of the program, for a line that names a command and asks for nothing else.
 *
 * @throws {PkgError} USAGE where a version of something else was meant
 */
export function versionAsked(request: TextRequest, called: CalledCommand, read: ReadWords): ParsedText {
  const isAlone = read.args.length === 0 && read.given.every(({ name }) => COMMON_OPTIONS.has(name));
  const hasValue = read.given.some(({ name, text }) => name === "version" && text !== null && text !== "true");
  if (!isAlone || hasValue || read.unknown.length > 0) throw usageError(notAVersion(called), called);
  return versionText(request);
}

/** `pkg help` with what it is asked about. @throws {PkgError} USAGE for what does not exist */
export async function helpOn(request: TextRequest, { words, rest }: CalledCommand): Promise<ParsedText> {
  const asked = rest.filter((word) => !isOption(word)).slice(1);
  const called = calledCommand(request.entries, [...words.slice(1), ...asked]);
  const [topic] = asked;
  if (called.unknown === null || called.unknown === "help") return commandHelpText(request, called);
  const { helpTopic } = await import("./help-topics.ts");
  const text = words.length === 1 ? helpTopic(topic ?? "", request.columns) : null;
  if (text !== null) return helpText(text);
  throw usageError(unknownCommand(called.unknown, called), called);
}

/** Help for a command, a group or the program, whichever is called. */
export async function commandHelpText(request: TextRequest, { words, entry }: CalledCommand): Promise<ParsedText> {
  const { commandHelp, groupHelp, programHelp } = await import("./help-text.ts");
  const { columns, entries, sections = [{ title: "Commands", entries }] } = request;
  if (entry === null) return helpText(programHelp(sections, columns));
  if (entry.kind === "group") return helpText(groupHelp(words, entry, columns));
  const { command } = await entry.load();
  const declared = declarationsOf((to) => command.options(to).options(entry.options));
  return helpText(commandHelp({ words, entry, declared, columns }));
}

function helpText(text: string): ParsedText {
  return { kind: "text", text, json: { help: text } };
}

function versionText({ version }: TextRequest): ParsedText {
  return { kind: "text", text: version, json: { version } };
}
