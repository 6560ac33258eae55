import assert from "node:assert/strict";
import { test } from "node:test";
import { type CommandPage, commandPages } from "../../scripts/command-pages.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { GLOBAL_OPTIONS } from "../../src/cli/global-options.ts";
import { type Parsed, parseCommandLine } from "../../src/cli/parse.ts";
import type { DeclaredOption } from "../../src/commands/declaration.ts";
import { PkgError } from "../../src/errors.ts";

const PAGES = await commandPages(COMMANDS);

/** What a parser says of a line when nobody has thought of it. */
const NOBODYS_WORDS =
  /found \d+ arg|unknown argument|not enough|non-option|missing required|invalid values|implications|arguments? following|undefined|\bNaN\b|\[object|TypeError|This is a bug/;

function parse(words: readonly string[]): Promise<Parsed> {
  return parseCommandLine({ entries: COMMANDS, words, version: "1.2.3", columns: 80 });
}

/** The names of a command's options, those of every command among them. */
function optionsOf({ options }: CommandPage): readonly (readonly [string, DeclaredOption])[] {
  return [...new Map<string, DeclaredOption>([...Object.entries(GLOBAL_OPTIONS), ...options])];
}

/** Ways to get an option wrong, or to write it as others would. */
function spellings(name: string, { alias = "z" }: DeclaredOption): readonly (readonly string[])[] {
  const camel = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [
    ...[[`--${name}`], [`--${name}`, `--${name}`], [`--${name}=`], [`--${name}=yes`], [`--${name}=true`]],
    ...[
      [`--${name}`, "1", `--${name}`, "2"],
      [`--${name}`, "-1"],
      [`--${name}`, "0"],
      [`--${name}`, ""],
    ],
    ...[
      [`--${name}`, "99999999999999999999"],
      [`--${name}`, "1e400"],
      [`--${name}`, "--json"],
      [`--${name}`, "--"],
    ],
    ...[[`--no-${name}`], [`--no-${name}=true`], [`--no-no-${name}`], [`--${name}`, `--no-${name}`]],
    ...[[`--${name.slice(0, -1)}`], [`--${name}${name.at(-1)}`], [`--${name.toUpperCase()}`], [`--${camel}`]],
    ...[[`-${name}`], [`---${name}`], [`\u2014${name}`], [`\u2013${name}`, "x"], [`--${name.replaceAll("-", "_")}`]],
    ...[[`-${alias}`], [`-${alias}${alias}`], [`-${alias}qv`], [`-qv${alias}`], [`-${alias}=1`], [`-${alias}x`]],
    ...[["--", `--${name}`], [`--${name}`, "a", "b", "c"], [`--${name}.x`], [`--${name}[]`, "x"], ["--=x"], ["-="]],
  ];
}

/** Every line, with the command's arguments before it, and without them. */
function linesOf(page: CommandPage): readonly (readonly string[])[] {
  const args = [...page.usage.matchAll(/<[\w-]+/g)].map((_, position) => `argument${position}`);
  const counts = [[], ["a"], ["a", "b"], ["a", "b", "c", "d"], [""], ["--"], ["-"], ["--", "-x"], ["constructor"]];
  const options = optionsOf(page).flatMap(([name, option]) => spellings(name, option));
  return [...counts, ...options.flatMap((words) => [words, [...args, ...words]])].map((words) => [
    ...page.words,
    ...words,
  ]);
}

for (const page of PAGES) {
  test(`parseCommandLine() reads or refuses every odd line of pkg ${page.words.join(" ")} in its own words`, async () => {
    for (const words of linesOf(page)) {
      const told = `pkg ${words.join(" ")}`;
      try {
        const parsed = await parse(words);
        if (parsed.kind === "command") assertTypes(page, parsed.args, told);
      } catch (error) {
        if (!(error instanceof PkgError)) throw new Error(told, { cause: error });
        assert.equal(error.code, "USAGE", told);
        assert.doesNotMatch(`${error.message} ${error.hint}`, NOBODYS_WORDS, told);
        assert.match(error.hint ?? "", /`pkg .*--help`/, told);
        assertNoDoubles(error.message, words);
      }
    }
  });
}

/** What a command is given is what it has declared, however it was typed. */
function assertTypes(page: CommandPage, args: object, told: string): void {
  for (const [name, option] of page.options) {
    const value: unknown = Reflect.get(args, name);
    if (value === undefined || option.hidden === true) continue;
    if (option.array === true) assert.ok(Array.isArray(value), `${told}: ${name}`);
    else assert.equal(typeof value, option.type ?? "string", `${told}: ${name}`);
  }
}

/** An unknown word is named as it was typed, and once. */
function assertNoDoubles(message: string, words: readonly string[]): void {
  const named = /it has no \w+ (.+)$/.exec(message)?.[1]?.split(" and ") ?? [];
  assert.equal(new Set(named).size, named.length, message);
  for (const name of named) {
    const bare = name.slice(1, -1);
    assert.ok(
      words.some((word) => word === bare || word.startsWith(`${bare}=`)),
      message,
    );
  }
}
