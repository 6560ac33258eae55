import assert from "node:assert/strict";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { removeUnneeded, unneededFiles } from "../../src/blobs/unneeded.ts";
import type { State } from "../../src/capabilities/capabilities.ts";
import { loadConfig } from "../../src/config/config.ts";
import { PkgError } from "../../src/errors.ts";
import { rollback, undo } from "../../src/install/undo.ts";
import type { Installation } from "../../src/package/installation.ts";
import { createProfile } from "../../src/profile/profile.ts";
import { createPackageIndexes } from "../../src/state/package-indexes.ts";
import { assertAgreement } from "./agreement.ts";
import { openHome, type ProfileHome, preparePackage, type SamplePackage, script } from "./profile-home.ts";

/** What only fetching would use; nothing is in a registry here. */
function nothingElse() {
  const config = loadConfig({ env: {}, platform: "linux", arch: "x64", flags: { home: "/nonexistent" } });
  const retry = { policy: { attempts: 1, patienceMs: 0, baseMs: 0, capMs: 0 }, random: () => 0, sleep: async () => {} };
  const network = async () => assert.fail("nothing is asked for");
  const pins = async () => assert.fail("nothing is resolved");
  return { config, indexes: createPackageIndexes(config.paths.index), retry, network, pins, now: Date.now };
}

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

/** Thrown where a kill is imitated: nothing may be done after it but by a new process. */
class Killed extends Error {}

const NAMES = ["a", "b", "c", "d"];
const LINKS = ["one", "two", "three", "four", "five"];
const { signal } = new AbortController();

/** A home in which random things happen, and what its owner knows of it. */
export class RandomLife {
  readonly #directory: string;
  readonly #random: () => number;
  #home: ProfileHome;
  #runs = 0;
  /** What a person or a program has written beside the files of packages: it must not be lost. */
  readonly #beside = new Set<string>();
  readonly #edited = new Set<string>();
  /** How many journal and store calls may be made before the kill; null: none comes. */
  #killAfter: number | null = null;
  readonly log: string[] = [];
  undone = 0;
  killed = 0;

  constructor(directory: string, seed: number) {
    this.#directory = directory;
    this.#random = createRandom(seed);
    this.#home = this.#open();
    mkdirSync(this.#home.bin, { recursive: true });
  }

  close(): void {
    this.#home.close();
  }

  /** Does one random thing, which is killed if `isKilled`, and undoes and redoes it if `isUndone`. */
  async step({ isKilled, isUndone }: { readonly isKilled: boolean; readonly isUndone: boolean }): Promise<void> {
    this.#runs += 1;
    const before = this.#snapshot();
    const count = this.#home.generations.current();
    if (isKilled) this.#killAfter = this.#below(16);
    try {
      await this.#act();
    } catch (error) {
      if (error instanceof PkgError) this.log.push(`  ${error.code}`);
      else if (error instanceof Killed) await this.#recover();
      else throw error;
    } finally {
      this.#killAfter = null;
    }
    const after = this.#home.generations.current();
    if (isKilled) await this.check();
    if (isUndone && after === count + 1 && this.#home.generations.oldest() < count)
      await this.#undoAndRedo(before, after);
  }

  async check(): Promise<void> {
    await assertAgreement(this.#home, (path) => this.#edited.has(path));
    const held = new Set(filesBelow(this.#home.packages).map((path) => readFileSync(path, "utf8")));
    for (const content of this.#beside) assert(held.has(content), `"${content}" was lost`);
  }

  async #recover(): Promise<void> {
    this.killed += 1;
    this.log.push("  killed");
    this.#killAfter = null;
    this.#home.close();
    this.#home = this.#open();
    await this.#home.profile.recover(signal);
  }

  async #undoAndRedo(before: unknown, number: number): Promise<void> {
    const after = this.#snapshot();
    this.#runs += 1;
    const back = await undo(this.#cap(), { dryRun: false, force: false });
    if (back.errors.length > 0 || back.outcome.stateOf !== number - 1) return;
    this.undone += 1;
    assert.deepEqual(this.#snapshot(), before, "undo brings back what was");
    this.#runs += 1;
    const { errors } = await rollback(this.#cap(), { to: `${number}`, dryRun: false, force: false });
    if (errors.length === 0) assert.deepEqual(this.#snapshot(), after, "rollback goes forward again");
  }

  async #act(): Promise<void> {
    const name = this.#one(NAMES);
    const installed = this.#home.installations.get(name);
    const version = `${1 + this.#below(3)}`;
    const force = this.#below(3) === 0;
    const choice = this.#below(20);
    if (choice < 8) this.#told(`place ${name} ${version} ${force}`, () => this.#place(name, version, force));
    else if (choice < 11) this.#told(`remove ${name}`, () => this.#remove(installed));
    else if (choice < 12) this.#told(`reinstall ${name}`, () => this.#place(name, installed?.version ?? "1", force));
    else if (choice < 13) this.#told(`edit ${name}`, () => this.#edit(installed));
    else if (choice < 15) this.#told(`write beside ${name}`, () => this.#writeBeside(installed));
    else if (choice < 16) this.#told("a file in bin", () => this.#foreign());
    else if (choice < 17) this.#told("clean", () => this.#clean());
    else if (choice < 19) await this.#told("undo", () => undo(this.#cap(), { dryRun: false, force: false }));
    else await this.#told("rollback", () => this.#rollback(name));
  }

  #told<T>(what: string, act: () => T): T {
    this.log.push(`${this.#runs} ${what}`);
    return act();
  }

  #place(name: string, version: string, force: boolean): void {
    const { verified, draft } = preparePackage(this.#home, sample(name, version));
    this.#apply(this.#home.profile.apply([{ kind: "place", verified, installation: draft }], { force }));
  }

  #remove(installation: Installation | null): void {
    if (installation === null) return;
    this.#apply(this.#home.profile.apply([{ kind: "remove", installation }], { force: false }));
  }

  #apply(results: ReturnType<ProfileHome["profile"]["apply"]>): void {
    for (const result of results) if (result.kind === "failed") throw result.error;
  }

  /** As an editor does it: another file takes the place of the one there. */
  #edit(installation: Installation | null): void {
    const path = installation?.files.map((file) => join(this.#home.packages, installation.directory, file.path))[0];
    if (path === undefined || !existsSync(path)) return;
    this.#beside.delete(readFileSync(path, "utf8"));
    rmSync(path);
    const content = `edited in ${this.#runs}`;
    writeFileSync(path, content, { mode: 0o755 });
    this.#edited.add(path);
    this.#beside.add(content);
  }

  #writeBeside(installation: Installation | null): void {
    if (installation === null) return;
    const content = `written in ${this.#runs}`;
    writeFileSync(join(this.#home.packages, installation.directory, `note-${this.#below(3)}-${this.#runs}`), content);
    this.#beside.add(content);
  }

  /** A person puts a file where a link might be, or takes it away again. */
  #foreign(): void {
    const path = join(this.#home.bin, this.#one(LINKS));
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) writeFileSync(path, `mine ${this.#runs}`);
    else if (stats.isFile()) rmSync(path);
  }

  #clean(): void {
    const { journal, installations, blobs } = this.#home;
    const before = installations.referencedDigests();
    const rule = { before: this.#at(this.#runs - 30), versionsOf: () => 1 };
    const { digests } = journal.forget(rule);
    const gone = new Set([...before].filter((digest) => !digests.has(digest)));
    removeUnneeded(unneededFiles({ root: blobs.root, keep: digests, gone, untouchedSinceMs: 0 }));
  }

  async #rollback(name: string): Promise<void> {
    const { generations } = this.#home;
    const [oldest, current] = [generations.oldest(), generations.current()];
    const to = this.#below(2) === 0 ? name : `${oldest + this.#below(current - oldest + 1)}`;
    this.log.push(`  to ${to}`);
    await rollback(this.#cap(), { to, dryRun: false, force: false });
  }

  #cap() {
    const state: State = { ...this.#home, forget: this.#home.journal.forget, withLock: async (work) => work() };
    return { ...nothingElse(), records: async () => state, state: async () => state, emit: () => {}, signal };
  }

  #open(): ProfileHome {
    const origin = () => ({ command: `pkg ${this.#runs}`, run: `${this.#runs}`, at: this.#at(this.#runs) });
    const home = openHome(this.#directory, { origin });
    const { journal, blobs, installations } = home;
    const counted = <T extends object>(room: T, names: readonly (keyof T)[]): T =>
      Object.assign({}, room, Object.fromEntries(names.map((name) => [name, this.#counted(room[name])])));
    const own = {
      journal: counted(journal, ["begin", "commit", "finish", "markUndo"]),
      blobs: counted(blobs, ["pathOf", "remove"]),
      installations: counted(installations, ["madeDirectories", "hasDirectory", "leftovers"]),
    };
    const places = {
      packagesDirectory: home.packages,
      binDirectory: home.bin,
      prefixDirectory: home.prefix,
      dataDirectory: home.share,
      stateDatabase: join(this.#directory, "state.db"),
    };
    return { ...home, profile: createProfile({ ...places, origin, ...own }) };
  }

  /** A call before or after which the process may be killed; once it was, nothing of it is done. */
  #counted<F>(call: F): F {
    if (typeof call !== "function") return call;
    const counted = (...args: readonly unknown[]): unknown => {
      this.#mayDie();
      const result: unknown = call(...args);
      this.#mayDie();
      return result;
    };
    return counted as F;
  }

  #mayDie(): void {
    if (this.#killAfter === null) return;
    if (this.#killAfter === 0) throw new Killed("killed");
    this.#killAfter -= 1;
  }

  /** What is recorded, and what every name in the bin directory leads to or holds. */
  #snapshot(): unknown {
    const { installations, bin, packages } = this.#home;
    const records = installations.list().map(({ name, version, links, taken }) => ({
      ...{ name, version, taken: taken.map(({ path }) => path).toSorted() },
      links: links.map(({ path, target }) => `${path} ${target}`).toSorted(),
    }));
    const names = readdirSync(bin).toSorted();
    return { records, bin: names.map((name) => [name, this.#describe(join(bin, name), packages)]) };
  }

  #describe(path: string, packages: string): string {
    if (!lstatSync(path).isSymbolicLink()) return readFileSync(path, "utf8");
    const to = relative(realpathSync(packages), realpathSync(path));
    return to.replace(/^([^/]+)\/(\d+)-[0-9a-f]+(?:-\d+)?\//, "$1 $2 ");
  }

  #at(run: number): string {
    return new Date(Date.UTC(2026, 0, 1) + run * 1000).toISOString();
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #one<T>(list: readonly T[]): T {
    const item = list[this.#below(list.length)];
    if (item === undefined) throw new Error("an empty list");
    return item;
  }
}

/** A tiny package; versions have some links and files in common, and so have different packages. */
function sample(name: string, version: string): SamplePackage {
  const first = NAMES.indexOf(name) + Number(version);
  const wanted = [0, 1].map((offset) => LINKS[(first + offset) % LINKS.length] ?? "one");
  return {
    name,
    version,
    files: { [name]: script(`${name} ${version}`), shared: script("shared") },
    links: Object.fromEntries([...new Set([name, ...wanted])].map((link) => [link, name])),
  };
}

function filesBelow(root: string): readonly string[] {
  if (!existsSync(root)) return [];
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
