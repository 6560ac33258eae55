import type { ErrorCode } from "../../src/errors.ts";
import type { SignedKeySet } from "../../src/package/key-set.ts";
import { createSigner, type Signer } from "../support/minisign-signer.ts";
import { type IndexFacts, indexText, makeKeySet, packed, signIndex } from "../support/signed-index.ts";
import { NOW, type Served } from "./sync-world.ts";

/** An index that a machine which has pinned `pinnedIndex` must refuse. */
export interface Refused {
  readonly name: string;
  readonly served: Served;
  readonly code: ErrorCode;
  readonly message: RegExp;
  /** What this machine's clock says; default NOW. */
  readonly clock?: number;
}

/** The publisher's keys (two of the first three have to sign), two more of the publisher's, and keys of others. */
export const KEYS = {
  a: createSigner(),
  b: createSigner(),
  c: createSigner(),
  d: createSigner(),
  e: createSigner(),
  stranger: createSigner(),
  other: createSigner(),
} as const;

const { a, b, c, d, e } = KEYS;
export const ABC = [a, b, c];
export const FIRST = makeKeySet({ keys: [a] });
export const SECOND_FACTS = { version: 2, threshold: 2, keys: ABC, signers: [a, b] } as const;
export const SECOND = makeKeySet(SECOND_FACTS);
export const SETS = [FIRST, SECOND];

/** A third set of new keys, correctly signed except for what a test changes. */
export function third(facts: Partial<Parameters<typeof makeKeySet>[0]> = {}): SignedKeySet {
  const given = { version: 3, threshold: 2, keys: [d, e], signers: [a, b, d, e], ...facts };
  return makeKeySet(given);
}

export function text(facts: Partial<IndexFacts> = {}): Buffer {
  return indexText({ serial: 8, issuedMs: NOW, keySets: SETS, ...facts });
}

/** An index that is correct except for what a test changes, signed by `signers`. */
export function signed(facts: Partial<IndexFacts> = {}, signers: readonly Signer[] = [a, b]): Served {
  const index = packed(text(facts));
  return { index, signatures: signIndex(index, signers) };
}

/** The newest index, which the test that uses this table syncs first. */
export const pinnedIndex = signed({ serial: 7 });
/** The index after it: accepted at the end, which shows that each in the table was refused for its own reason only. */
export const nextIndex = signed();

/** The next index, whose parts a test changes. */
export const GOOD = signed();
export const GOOD_SIGNATURES = GOOD.signatures ?? Buffer.alloc(0);

/** What another publisher calls theirs. */
export const ELSEWHERE = "registry.example/you/index";
