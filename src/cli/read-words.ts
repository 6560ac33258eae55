import { addAll } from "../base/many.ts";
import type { DeclaredOption } from "../commands/declaration.ts";
import { isOption } from "./called-command.ts";
import type { Passing } from "./passed-words.ts";

/** An option as it was typed. */
export interface Given {
  /** Its long name, without dashes. */
  readonly name: string;
  /** True for `--no-NAME`. */
  readonly negated: boolean;
  /** Its value; null if it has none. */
  readonly text: string | null;
  /** The word after it. */
  readonly next: string | undefined;
}

/** The words after a command's name, told apart. */
export interface ReadWords {
  readonly given: readonly Given[];
  readonly args: readonly string[];
  /** What belongs to another program, as it was typed. */
  readonly passed: readonly string[];
  /** Options that the command does not have, as typed. */
  readonly unknown: readonly string[];
}

type Options = ReadonlyMap<string, DeclaredOption>;

/**
 * Tells options from arguments, by one rule for every command: `--name`, `--name=value`, `--name value`, `--no-name` for a switch, `-abc`
 * for `-a -b -c`, of which only the last may take a value. A value begins with a dash only as `--name=-x`, as a lone `-`, or as a
 * negative number. After a lone `--` every word is an argument, or belongs to another program, as `passing` says; default: none does.
 */
export function readWords(words: readonly string[], options: Options, passing: Passing | null = null): ReadWords {
  const reading = new Reading(words, { options, passing });
  reading.run();
  return reading;
}

interface ReadingOptions {
  readonly options: Options;
  readonly passing: Passing | null;
}

class Reading implements ReadWords {
  readonly given: Given[] = [];
  readonly args: string[] = [];
  readonly passed: string[] = [];
  readonly unknown: string[] = [];
  readonly #passing: Passing | null;
  readonly #options: Options;
  readonly #byLetter: ReadonlyMap<string, string>;
  readonly #rest: string[];

  constructor(words: readonly string[], { options, passing }: ReadingOptions) {
    this.#options = options;
    this.#passing = passing;
    this.#rest = [...words];
    this.#byLetter = new Map([...options].flatMap(([name, { alias }]) => (alias === undefined ? [] : [[alias, name]])));
  }

  run(): void {
    for (let word = this.#rest.shift(); word !== undefined; word = this.#rest.shift()) {
      if (word === "--") {
        this.#afterDashes();
      } else if (isOption(word)) {
        if (word.startsWith("--")) this.#long(word);
        else this.#cluster(word);
      } else if (this.#isOtherDash(word)) {
        this.unknown.push(word);
      } else {
        this.args.push(word);
        this.#passOn();
      }
    }
  }

  #afterDashes(): void {
    if (this.#passing !== null && this.#passing.afterArgs === null) {
      addAll(this.passed, this.#rest.splice(0));
      return;
    }
    const left = (this.#passing?.afterArgs ?? Number.POSITIVE_INFINITY) - this.args.length;
    addAll(this.args, this.#rest.splice(0, left));
    this.#passOn();
  }

  /** Once all arguments of the command itself are there, the rest is not looked at. */
  #passOn(): void {
    if (this.#passing?.afterArgs !== this.args.length) return;
    const rest = this.#rest.splice(0);
    addAll(this.passed, rest[0] === "--" ? rest.slice(1) : rest);
  }

  #long(word: string): void {
    const [, name = "", text = null] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const positive = name.replace(/^no-/, "");
    if (positive !== name && isNegatable(this.#options.get(positive))) {
      this.given.push({ name: positive, negated: true, text, next: undefined });
    } else if (this.#options.has(name)) {
      this.#take(name, text);
    } else {
      this.unknown.push(`--${name}`);
    }
  }

  #cluster(word: string): void {
    const [, letters = "", text = null] = /^-([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const names = [...letters].map((letter) => this.#byLetter.get(letter) ?? "");
    const [last = "", ...before] = names.toReversed();
    // `-output` is a mistake for `--output`, and not `-o utput`.
    if (!this.#options.has(last) || !before.every((name) => this.#isSwitch(name))) {
      this.unknown.push(`-${letters}`);
      return;
    }
    for (const name of before.toReversed()) this.#add(name, null);
    this.#take(last, text);
  }

  #take(name: string, typed: string | null): void {
    if (typed !== null || this.#isSwitch(name)) {
      this.#add(name, typed);
      return;
    }
    const [next] = this.#rest;
    const text = next !== undefined && isValue(next) ? this.#rest.shift() : undefined;
    this.#add(name, text ?? null);
    const option = this.#options.get(name);
    if (text !== undefined && option?.array === true && option.nargs !== 1) this.#more(name, option);
  }

  #add(name: string, text: string | null): void {
    this.given.push({ name, negated: false, text, next: this.#rest[0] });
  }

  /** The further values of a list that takes several at once. */
  #more(name: string, { choices }: DeclaredOption): void {
    for (let [next] = this.#rest; next !== undefined && isValue(next); [next] = this.#rest) {
      if (choices !== undefined && !choices.includes(next)) return;
      this.#rest.shift();
      this.#add(name, next);
    }
  }

  #isSwitch(name: string): boolean {
    return this.#options.get(name)?.type === "boolean";
  }

  /** A dash that an editor made of two: `—force`. */
  #isOtherDash(word: string): boolean {
    const [, name = ""] = /^[\u2010-\u2015\u2212]+([\w-]+)/.exec(word) ?? [];
    return this.#options.has(name.replace(/^no-/, "")) || this.#byLetter.has(name);
  }
}

function isNegatable(option: DeclaredOption | undefined): boolean {
  return option?.type === "boolean" || option?.default === true;
}

function isValue(word: string): boolean {
  return !isOption(word) || /^-\d/.test(word);
}
