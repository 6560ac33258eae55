import type { Installation } from "../../src/package/installation.ts";
import { programLinks } from "../../src/package/place.ts";
import { type Operation, timeOf } from "./life-operations.ts";
import { LINKS, NAMES, type Named } from "./life-packages.ts";
import type { ProfileHome } from "./profile-home.ts";

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Chooses at random. */
export class Choices {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = createRandom(seed);
  }

  /** A whole number from 0. */
  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  one<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)];
    if (item === undefined) throw new Error("an empty list");
    return item;
  }

  /** What may be done in a home; often, but not always, something that can be done. */
  operation(home: ProfileHome, run: number): Operation {
    const name = this.#name(home);
    const choice = this.below(24);
    const force = this.below(2) === 0;
    if (choice < 9) return this.#placing(home, force);
    if (choice < 12) return { kind: "remove", names: this.#several(name), purge: this.below(3) === 0 };
    if (choice < 14) return { kind: "use", word: `${name}@${this.#version(home, name)}` };
    if (choice < 15) return { kind: this.below(2) === 0 ? "pin" : "unpin", word: name };
    if (choice < 17) return { kind: "unlink", word: this.#program(home, name) };
    if (choice < 19) return { kind: "link", word: this.#program(home, name), force };
    if (choice < 20) return this.#tidying(run);
    if (choice < 22) return { kind: "undo" };
    return this.#rollback(home, name);
  }

  /** A name in the bin directory, or the path of a link elsewhere, that a person might have a file at. */
  foreignPlace({ bin, share, prefix }: ProfileHome): string {
    const name = this.one(NAMES);
    const others = [`${share}/man/man1/${name}.1`, `${share}/man/man1/common.1`, `${prefix}/lib/lib${name}.so`];
    return this.below(3) === 0 ? this.one(others) : `${bin}/${this.one(LINKS)}`;
  }

  /** Most often one that is installed. */
  #name({ installations }: ProfileHome): string {
    const installed = installations.needs();
    return installed.length === 0 || this.below(4) === 0 ? this.one(NAMES) : this.one(installed).name;
  }

  #placing({ installations }: ProfileHome, force: boolean): Operation {
    const items = this.#several(this.one(NAMES)).map((name): Named => {
      const installed = installations.get(name)?.version;
      return { name, version: this.below(6) === 0 && installed !== undefined ? installed : `${1 + this.below(3)}` };
    });
    return { kind: "place", items, force };
  }

  #tidying(run: number): Operation {
    if (this.below(3) === 0) return { kind: "autoremove" };
    return { kind: "clean", before: this.below(4) === 0 ? null : timeOf(run - 60) };
  }

  #rollback({ generations }: ProfileHome, name: string): Operation {
    const [oldest, current] = [generations.oldest(), generations.current()];
    const to = this.below(2) === 0 ? name : `${oldest + this.below(current - oldest + 1)}`;
    return { kind: "rollback", to };
  }

  /** One name, or some more. */
  #several(name: string): readonly string[] {
    const more = this.below(3) === 0 ? [this.one(NAMES), this.one(NAMES)] : [];
    return [...new Set([name, ...more])];
  }

  /** A package, or one of its programs. */
  #program({ installations }: ProfileHome, name: string): string {
    const { links = [], taken = [] }: Partial<Installation> = installations.get(name) ?? {};
    const programs = programLinks([...links, ...taken]);
    return programs.length === 0 || this.below(3) === 0 ? name : `${name}:${this.one(programs).path}`;
  }

  /** Most often one that is kept. */
  #version({ generations }: ProfileHome, name: string): string {
    const kept = generations.editions(name);
    return kept.length === 0 || this.below(4) === 0 ? `${1 + this.below(3)}` : this.one(kept).version;
  }
}
