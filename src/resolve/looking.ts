import { ageInSentence } from "../base/age.ts";
import { MINUTE_MS } from "../base/duration.ts";
import { hasCode, type PkgError, reworded } from "../errors.ts";
import type { Waiver } from "../package/policy.ts";
import { fetchNewer, type RefreshOptions, type Settled } from "../repositories/refresh.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import { type Lookup, NO_LOOKUP, openLookup, openLookupIfAny } from "./lookup.ts";

/** What an index that is not the newest may be wrong about. */
const DOUBTFUL = ["PACKAGE_NOT_FOUND", "VERSION_NOT_FOUND", "PLATFORM_UNSUPPORTED"] as const;

export interface LookingOptions {
  /** The checks that a person who installs chose to waive; null if nothing is installed. */
  readonly skip: readonly Waiver[] | null;
  /** What is looked up is installed, and can be told about without any index. */
  readonly isInstalled?: boolean;
  /** Repositories that this run has asked already. */
  readonly tried?: ReadonlySet<string>;
}

/**
 * Looks things up in the indexes. What is not found makes their age suspicious: they are fetched once more, and it is looked
 * for again, at most once in a run, and not offline or where the config says that indexes are never fetched unasked.
 */
export class Looking {
  readonly #cap: SyncCapabilities;
  readonly #options: LookingOptions;
  #isEnough: RefreshOptions["isEnough"];
  #opened: Promise<Lookup> | null = null;
  #renewed: Promise<boolean> | null = null;
  #lookup: Lookup = NO_LOOKUP;
  #tried: ReadonlySet<string> = new Set();
  #old: Lookup = NO_LOOKUP;

  constructor(cap: SyncCapabilities, options: LookingOptions) {
    this.#cap = cap;
    this.#options = options;
  }

  /** The repositories that were asked for their index, so that asking again would bring nothing new. */
  get tried(): ReadonlySet<string> {
    return this.#tried;
  }

  /** Says, before the indexes are opened, when no more of them need to be waited for. */
  expect(isEnough: (settled: Settled) => boolean): void {
    this.#isEnough ??= isEnough;
  }

  /** Opens the indexes; not needed before find(). @throws {PkgError} as openLookup */
  async open(): Promise<Lookup> {
    this.#opened ??= this.#open();
    await this.#opened;
    return this.#lookup;
  }

  /**
   * What `find` finds, in newer indexes if it says that there is no such thing in these.
   *
   * @param what as it was typed
   * @throws {PkgError} as openLookup; what `find` throws, with how old the indexes are and what was not looked in
   */
  async find<T>(what: string, find: (lookup: Lookup) => T | Promise<T>): Promise<T> {
    const lookup = await this.open();
    try {
      return await find(lookup);
    } catch (error) {
      if (!hasCode(error, ...DOUBTFUL)) throw error;
      if (!(await this.renew(`"${what}" is not in`))) throw this.#doubted(error);
    }
    try {
      return await find(this.#lookup);
    } catch (error) {
      throw hasCode(error, ...DOUBTFUL) ? this.#doubted(error) : error;
    }
  }

  /** Fetches the indexes again that this run has not asked for; false if nothing has changed. @param why for the note */
  renew(why: string): Promise<boolean> {
    this.#renewed ??= this.#renew(why);
    return this.#renewed;
  }

  close(): void {
    this.#lookup.close();
    this.#old.close();
  }

  async #open(): Promise<Lookup> {
    const { skip, isInstalled = false, tried = new Set() } = this.#options;
    const wanted = { skip, ...(this.#isEnough === undefined ? {} : { isEnough: this.#isEnough }) };
    const canDoWithout = isInstalled || tried.size > 0;
    this.#lookup = await (canDoWithout ? openLookupIfAny(this.#cap, { skip, tried }) : openLookup(this.#cap, wanted));
    this.#tried = this.#lookup.tried;
    return this.#lookup;
  }

  async #renew(why: string): Promise<boolean> {
    const names = new Set([...this.#lookup.indexes.keys()].filter((name) => !this.#tried.has(name)));
    const { tried, isNewer } = await fetchNewer(this.#cap, names, why);
    this.#tried = new Set([...this.#tried, ...tried]);
    if (!isNewer) return false;
    this.#old = this.#lookup;
    this.#lookup = await openLookupIfAny(this.#cap, { tried: this.#tried, skip: this.#options.skip });
    return true;
  }

  /** Nobody should take the silence of an old index, or of one that is not there, for an answer. */
  #doubted(error: PkgError): PkgError {
    const { indexes, now } = this.#cap;
    const old = [...this.#lookup.indexes.keys()].flatMap((name) => {
      const ageMs = now() - (indexes.freshAt(name) ?? now());
      return this.#tried.has(name) || ageMs < MINUTE_MS ? [] : `the index of ${name} is ${ageInSentence(ageMs)}`;
    });
    const unknown = this.#lookup.leftOut.map(({ repository }) => `${repository} could not be looked in`);
    const doubts = [...old, ...unknown];
    if (doubts.length === 0) return error;
    return reworded(error, `${error.message}; ${doubts.join(", ")}`);
  }
}
