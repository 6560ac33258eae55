import { readdirSync } from "node:fs";
import { SHELLS } from "../base/shells.ts";
import type { DeclaredOption } from "../commands/declaration.ts";
import type { NamePlaces } from "../config/name-places.ts";
import { isSimple } from "../report/simple-text.ts";
import { type CalledCommand, calledCommand, commandOf, isOption } from "./called-command.ts";
import { COMMANDS } from "./command-table.ts";
import { argumentKind, type Completes, valueKind } from "./completed-arguments.ts";
import { ownOptions } from "./declared.ts";
import { commandsIn, namesOf } from "./entries.ts";
import { COMMON_OPTIONS } from "./global-options.ts";
import { OPTION_TABLE } from "./option-table.ts";
import { readWords } from "./read-words.ts";
import { valueName } from "./value-names.ts";
import type { World } from "./world.ts";

/** More than anybody reads. */
const MAX_CANDIDATES = 200;
/** Whatever a terminal acts on or nobody sees, and the newline that ends a candidate. */
const unsafe = () => /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;

/** A word that may stand at the cursor. */
interface Candidate {
  readonly word: string;
  readonly description: string;
}

type Found =
  | { readonly kind: "files" | "directories" }
  | { readonly kind: "words"; readonly words: readonly Candidate[] };

const NOTHING: Found = { kind: "words", words: [] };

/**
 * What may stand at the end of a command line, for the scripts of `pkg completion`: a first line that says of what kind it is (`words`,
 * `files` or `directories`), then for each word a line with it, and one with its description. A word may hold anything but
 * control and invisible characters, so a shell has to quote it. Nothing is fetched or written, and what fails offers nothing.
 */
export async function completedLine(world: World, words: readonly string[]): Promise<readonly string[]> {
  const found = await candidates(world, words).catch(() => NOTHING);
  if (found.kind !== "words") return [found.kind];
  const safe = found.words
    .filter(({ word }) => word !== "" && (isSimple(word) || !unsafe().test(word)))
    .slice(0, MAX_CANDIDATES);
  return ["words", ...safe.flatMap(({ word, description }) => [word, description.replaceAll(/\s+/g, " ")])];
}

async function candidates(world: World, words: readonly string[]): Promise<Found> {
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const isHelp = before[0] === "help";
  const called = calledCommand(COMMANDS, isHelp ? before.slice(1) : before);
  const typed = called.rest;
  if (called.entries.length > 0 && !isOption(current) && typed.every(isOption)) return commandsOf(called, current);
  if (called.unknown !== null || isHelp) return NOTHING;
  const isPlain = !typed.some(isOption) && !isOption(current);
  const options = isPlain ? COMMON_OPTIONS : await optionsOf(called);
  if (isPlain || typed.includes("--")) return argument({ world, called, options, before, current });
  const [, name, begun] = /^--([^=]+)=(.*)$/s.exec(current) ?? [];
  const line = { world, before, options };
  if (name !== undefined && begun !== undefined) return valueFound({ name, begin: begun, lead: `--${name}=`, ...line });
  if (isOption(current) || current === "-") return optionWords(options, current);
  const last = openOption(typed, options);
  if (last !== null) return valueFound({ name: last, begin: current, lead: "", ...line });
  return argument({ world, called, options, before, current });
}

function commandsOf({ entries, words }: CalledCommand, begin: string): Found {
  const own = entries.map((entry) => ({ word: namesOf(entry)[0] ?? "", description: entry.description }));
  const all = words.length > 1 ? own : [...own, { word: "help", description: "Show help on a command" }];
  const aliases = entries.flatMap((entry) =>
    namesOf(entry)
      .slice(1)
      .map((word) => ({ word, description: entry.description })),
  );
  const begun = (some: readonly Candidate[]) => some.filter(({ word }) => word.startsWith(begin));
  const found = begun(all);
  return { kind: "words", words: found.length > 0 ? found : begun(aliases) };
}

type Options = ReadonlyMap<string, DeclaredOption>;

async function optionsOf(called: CalledCommand): Promise<Options> {
  const entry = commandOf(called);
  if (entry === null) return COMMON_OPTIONS;
  const own = OPTION_TABLE?.[commandsIn(COMMANDS).indexOf(entry)] ?? (await ownOptions(entry));
  return new Map([...COMMON_OPTIONS, ...Object.entries(own)]);
}

function optionWords(options: Options, begin: string): Found {
  const words = [...options]
    .filter(([, { hidden }]) => hidden !== true)
    .flatMap(([name, option]) => {
      const description = option.description ?? "";
      const isOn = option.type === "boolean" && option.default === true;
      return [{ word: isOn ? `--no-${name}` : `--${name}`, description }];
    })
    .filter(({ word }) => word.startsWith(begin));
  return { kind: "words", words };
}

/** The option at the end of what was typed that still waits for its value; null: none does. */
function openOption(typed: readonly string[], options: Options): string | null {
  const last = typed.at(-1);
  if (last === undefined || !isOption(last) || last.includes("=")) return null;
  const given = readWords([last], options).given.at(-1);
  return given === undefined || options.get(given.name)?.type === "boolean" ? null : given.name;
}

interface Value {
  readonly name: string;
  readonly begin: string;
  /** What stands before the value in the same word. */
  readonly lead: string;
  readonly options: Options;
  readonly world: World;
  readonly before: readonly string[];
}

async function valueFound({ name, begin, lead, options, world, before }: Value): Promise<Found> {
  const option = options.get(name);
  if (option === undefined) return NOTHING;
  const choices = option.choices ?? (option.type === "boolean" ? ["true", "false"] : null);
  if (choices !== null) {
    const fit = choices.filter((choice) => choice.startsWith(begin));
    return { kind: "words", words: fit.map((choice) => ({ word: `${lead}${choice}`, description: "" })) };
  }
  const kind = valueKind(valueName(name, option));
  if (kind === "profiles") {
    const names = await namesFor(kind, await placesFor(world, before), begin);
    return begunWords(
      names.map((one) => `${lead}${one}`),
      `${lead}${begin}`,
    );
  }
  return kind === "files" || kind === "directories" ? { kind } : NOTHING;
}

interface Argument {
  readonly world: World;
  readonly called: CalledCommand;
  readonly options: Options;
  readonly before: readonly string[];
  readonly current: string;
}

async function argument({ world, called, options, before, current }: Argument): Promise<Found> {
  const { args } = readWords(called.rest, options);
  const kind = argumentKind(called, args.length);
  if (kind === "nothing") return NOTHING;
  if (kind === "files" || kind === "directories" || /^(?:[.~]{0,2}\/|oci:)/.test(current)) {
    return { kind: kind === "directories" ? "directories" : "files" };
  }
  if (kind === "shells") return begunWords(SHELLS, current);
  const names = await namesFor(kind, await placesFor(world, before), current);
  return begunWords([...new Set(names)].sort(), current);
}

function begunWords(words: readonly string[], begin: string): Found {
  const begun = words.filter((word) => word.startsWith(begin));
  return { kind: "words", words: begun.map((word) => ({ word, description: "" })) };
}

async function placesFor(world: World, before: readonly string[]): Promise<NamePlaces> {
  const { namePlaces } = await import("../config/name-places.ts");
  const flags = Object.fromEntries(
    readWords(before, COMMON_OPTIONS).given.map(({ name, text }) => [name, text ?? undefined] as const),
  );
  const { env, workingDirectory } = world;
  const { home, config, profile } = flags;
  const system = "system" in flags ? true : undefined;
  return namePlaces({ env, workingDirectory: workingDirectory ?? undefined, home, config, profile, system });
}

async function namesFor(kind: Completes, places: NamePlaces, current: string): Promise<readonly string[]> {
  const { paths, repositories } = places;
  if (kind === "repositories") return repositories.map(({ name }) => name).filter((name) => name.startsWith(current));
  if (kind === "profiles") {
    const { profileNames } = await import("../config/profile-names.ts");
    return profileNames(paths.namedProfiles);
  }
  if (kind === "keys") {
    const files = readdirSync(paths.keys).filter((file) => file.endsWith(".pub") && file.startsWith(current));
    return files.map((file) => file.slice(0, -".pub".length));
  }
  const wanted = { begin: current, limit: MAX_CANDIDATES };
  const indexes = repositories.filter(({ enabled }) => enabled).map(({ name }) => `${paths.index}/${name}.db`);
  const [, name = "", begun] = /^([^@:]+)@([^:]*)$/s.exec(current) ?? [];
  if (begun !== undefined) {
    const { versionsInIndex } = await import("../index-database/begun-versions.ts");
    const versions = indexes.flatMap((path) => tolerant(() => versionsInIndex(path, name, MAX_CANDIDATES)));
    return versions.filter((version) => version.startsWith(begun)).map((version) => `${name}@${version}`);
  }
  if (kind === "installed") {
    const { installedNames } = await import("../state/installed-names.ts");
    return installedNames(paths.stateDatabase, wanted);
  }
  const { namesInIndex } = await import("../index-database/begun-names.ts");
  const names = indexes.flatMap((path) => tolerant(() => namesInIndex(path, wanted)));
  // What was typed stays as it was typed: names are found in any case.
  return names.map((found) => `${current}${found.slice(current.length)}`);
}

/** One index that is missing or damaged does not hide the others. */
function tolerant(work: () => readonly string[]): readonly string[] {
  try {
    return work();
  } catch {
    return [];
  }
}
