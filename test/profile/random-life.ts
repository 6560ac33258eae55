import assert from "node:assert/strict";
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Installation } from "../../src/package/installation.ts";
import { pathInPrefix } from "../../src/package/place.ts";
import { assertAgreement } from "./agreement.ts";
import type { KillingProcess } from "./killed.ts";
import { Choices } from "./life-choices.ts";
import { type Operation, openLife, perform } from "./life-operations.ts";
import { NAMES, pathIn } from "./life-packages.ts";
import {
  assertSame,
  EDITED,
  entriesBelow,
  FOREIGN,
  recordsIn,
  type Snapshot,
  snapshot,
  WRITTEN,
} from "./life-snapshot.ts";
import type { ProfileHome } from "./profile-home.ts";

/** About how many calls a process makes to change something: the first of them open the database. */
const CALLS = { opening: 8, changing: 90, recovering: 60 };

/** A home in which random things happen, and what its owner knows of it. */
export class RandomLife {
  readonly #directory: string;
  readonly #choices: Choices;
  #home: ProfileHome;
  #runs = 0;
  /** What a person or a program has written beside the files of packages: it must not be lost. */
  readonly #beside = new Set<string>();
  /** What is there, if nobody has changed it since it was taken. */
  #seen: Snapshot | null = null;
  readonly log: string[] = [];
  undone = 0;
  /** How many processes were killed within what they did. */
  killed = 0;

  constructor(directory: string, seed: number) {
    this.#directory = directory;
    this.#choices = new Choices(seed);
    this.#home = this.#open();
    mkdirSync(this.#home.bin, { recursive: true });
  }

  close(): void {
    this.#home.close();
  }

  /** Does one random thing, and undoes it if it changed something; `killing`: in a process that is killed. */
  async step(killing: KillingProcess | null): Promise<void> {
    this.#runs += 1;
    if (killing === null && this.#choices.below(7) === 0) return this.#person();
    const operation = this.#choices.operation(this.#home, this.#runs);
    const before = this.#seen ?? snapshot(this.#home);
    const count = this.#home.generations.current();
    await this.#do(operation, killing);
    const after = this.#home.generations.current();
    // Where all were forgotten, there is none to count from.
    assert(count === 0 || after <= count + 1, "one run makes one generation");
    this.#seen = snapshot(this.#home);
    if (after === count || operation.kind === "clean")
      assertSame(this.#seen, before, "what makes no generation changes nothing");
    else await this.#undoAndRedo(operation, { before, after: this.#seen, count: after - 1 });
  }

  /** Fails where something does not agree, or is lost. */
  async check(): Promise<void> {
    await assertAgreement(this.#home, isByPerson);
    const { packages, bin, prefix, share } = this.#home;
    const files = [packages, bin, prefix, share].flatMap(entriesBelow).filter((entry) => entry.isFile());
    const held = new Set(files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8")));
    for (const content of this.#beside) assert(held.has(content), `"${content}" was lost`);
  }

  async #do(operation: Operation, killing: KillingProcess | null): Promise<void> {
    this.log.push(`${this.#runs} ${JSON.stringify(operation)}`);
    const there = this.#names();
    if (killing === null) this.log.push(`  ${await perform(this.#home, operation)}`);
    else await this.#kill(killing, operation);
    const now = new Set(this.#names());
    if (operation.kind === "remove" && operation.purge)
      this.#forget([...operation.names, ...there].filter((name) => !now.has(name)));
    if (killing !== null) await this.check();
  }

  /** Recovery, too, is killed now and then. */
  async #kill(killing: KillingProcess, operation: Operation): Promise<void> {
    const { opening, changing, recovering } = CALLS;
    const order = { home: this.#directory, run: this.#runs };
    this.#home.close();
    const call = 1 + opening + this.#choices.below(changing);
    const calls = await killing.kill({ ...order, operation, call });
    if (calls.length === call) this.killed += 1;
    this.log.push(`  killed at ${calls.length}: ${calls.at(-1)?.name} ${calls.at(-1)?.args}`);
    if (this.#choices.below(3) === 0) {
      const at = 1 + opening + this.#choices.below(recovering);
      const again = await killing.kill({ ...order, operation: { kind: "recover" }, call: at });
      this.log.push(`  and its recovery at ${again.length}: ${again.at(-1)?.name} ${again.at(-1)?.args}`);
    }
    this.#home = this.#open();
    await perform(this.#home, { kind: "recover" });
  }

  /** A third of what was undone is done again. */
  async #undoAndRedo(
    { kind }: Operation,
    { before, after, count }: { readonly before: Snapshot; readonly after: Snapshot; readonly count: number },
  ): Promise<void> {
    if (recordsIn(before) === recordsIn(after) || this.#home.generations.oldest() > count) return;
    // An undo after another one goes further back.
    const isUndo = kind === "undo" || kind === "rollback";
    await this.#bringBack(isUndo ? { kind: "rollback", to: `${count}` } : { kind: "undo" });
    assertSame(this.#seen, before, "undo brings back what was");
    this.undone += 1;
    if (this.#choices.below(3) > 0) return;
    await this.#bringBack({ kind: "rollback", to: `${count + 1}` });
    assertSame(this.#seen, after, "rollback goes forward again");
  }

  async #bringBack(operation: Operation): Promise<void> {
    this.#runs += 1;
    this.log.push(`${this.#runs}   ${JSON.stringify(operation)}`);
    assert.deepEqual(await perform(this.#home, operation), []);
    this.#seen = snapshot(this.#home);
  }

  /** Somebody does something beside the program. */
  #person(): void {
    this.#seen = null;
    const installed = this.#home.installations.get(this.#choices.one(NAMES));
    const choice = this.#choices.below(4);
    if (choice < 2) this.#foreign();
    else if (installed === null) return;
    else if (choice === 2) this.#edit(installed);
    else this.#write(pathIn(this.#home, installed, `note-${this.#runs}`), `${WRITTEN} ${this.#runs} ${installed.name}`);
  }

  /** As an editor does it: another file takes the place of the one there. */
  #edit(installation: Installation): void {
    const copies = installation.links.filter(({ kind }) => kind === "copy");
    const copy = copies.length > 0 && this.#choices.below(2) === 0 ? this.#choices.one(copies).path : null;
    const file = pathIn(this.#home, installation, this.#choices.one(installation.files).path);
    const path = copy === null ? file : join(this.#home.prefix, pathInPrefix(copy));
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return;
    this.#beside.delete(readFileSync(path, "utf8"));
    rmSync(path);
    this.#write(path, `${EDITED} ${this.#runs} ${installation.name}`);
  }

  /** A person puts a file where a link might be, or takes it away again. */
  #foreign(): void {
    const path = this.#choices.foreignPlace(this.#home);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) this.#write(path, `${FOREIGN} ${this.#runs}`);
    else if (stats.isFile()) {
      this.log.push(`${this.#runs} removes ${path}`);
      this.#beside.delete(readFileSync(path, "utf8"));
      rmSync(path);
      this.#removeEmpty(dirname(path));
    }
  }

  /** Whoever takes the last thing out of a directory of the data directory takes that as well. */
  #removeEmpty(directory: string): void {
    const isBelow = directory.startsWith(`${this.#home.share}/`);
    if (!isBelow || readdirSync(directory).length > 0) return;
    rmdirSync(directory);
    this.#removeEmpty(dirname(directory));
  }

  #write(path: string, content: string): void {
    this.log.push(`${this.#runs} "${content}" in ${path}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: 0o755 });
    this.#beside.add(content);
  }

  /** What was written there may be lost: it is purged. */
  #forget(names: readonly string[]): void {
    for (const content of this.#beside) {
      if (names.some((name) => content.endsWith(` ${name}`))) this.#beside.delete(content);
    }
  }

  #names(): readonly string[] {
    return this.#home.installations.needs().map(({ name }) => name);
  }

  #open(): ProfileHome {
    return openLife(this.#directory, () => this.#runs);
  }
}

function isByPerson(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  const content = readFileSync(path, "utf8");
  return [EDITED, FOREIGN].some((start) => content.startsWith(start));
}
