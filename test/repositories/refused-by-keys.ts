import type { ErrorCode } from "../../src/errors.ts";
import type { SignedKeySet } from "../../src/package/key-set.ts";
import { smallOrderKey, underIdOf } from "../support/imitated-signer.ts";
import type { Signer } from "../support/minisign-signer.ts";
import { makeKeySet } from "../support/signed-index.ts";
import {
  ABC,
  ELSEWHERE,
  FIRST,
  KEYS,
  type Refused,
  SECOND,
  SECOND_FACTS,
  SETS,
  signed,
  third,
} from "./refused-publisher.ts";

const { a, b, c, d, e, stranger, other } = KEYS;

function rekeyed(
  name: string,
  { keySets, signers }: { readonly keySets: readonly SignedKeySet[]; readonly signers: readonly Signer[] },
  [code, message]: readonly [ErrorCode, RegExp],
): Refused {
  return { name, served: signed({ keySets }, signers), code, message };
}

const CHANGED = "KEYS_CHANGED";
const SECOND_CHANGED: readonly [ErrorCode, RegExp] = [CHANGED, /its key set 2 is not the pinned one: expected 2 of/];
const TOO_FEW: readonly [ErrorCode, RegExp] = [CHANGED, /key set 3 is signed by \d of the keys of set 2, expected 2/];
const WRONG: readonly [ErrorCode, RegExp] = [CHANGED, /its key set 3 has a signature that is wrong/];

/** Indexes by other keys than those that are pinned, or that follow from them. */
export const rekeyedIndexes: readonly Refused[] = [
  rekeyed("a stranger's keys", { keySets: [makeKeySet({ keys: [stranger] })], signers: [stranger] }, [
    CHANGED,
    /its newest key set is version 1, expected version 2, which is pinned/,
  ]),
  rekeyed(
    "a stranger's keys, as many sets as are pinned",
    {
      keySets: [makeKeySet({ keys: [stranger] }), makeKeySet({ version: 2, keys: [stranger] })],
      signers: [stranger],
    },
    [CHANGED, /set 2 is not the pinned one: expected 2 of "(.{16}", "){2}.{16}", found 1 of/],
  ),
  rekeyed("the keys before, which are not in force any more", { keySets: [FIRST], signers: [a] }, [
    CHANGED,
    /newest key set is version 1, expected version 2/,
  ]),
  ...Object.entries({
    "a lower threshold": makeKeySet({ version: 2, threshold: 1, keys: ABC, signers: ABC }),
    "a higher threshold": makeKeySet({ version: 2, threshold: 3, keys: ABC, signers: ABC }),
    "a key more": makeKeySet({ version: 2, threshold: 2, keys: [...ABC, d], signers: ABC }),
    "a key less": makeKeySet({ version: 2, threshold: 2, keys: [a, b], signers: [a, b] }),
    "another key": makeKeySet({ version: 2, threshold: 2, keys: [a, b, d], signers: ABC }),
  }).map(([name, second]) =>
    rekeyed(`the pinned set with ${name}`, { keySets: [FIRST, second], signers: ABC }, SECOND_CHANGED),
  ),
  rekeyed(
    "the pinned set with a stranger's key under an id of theirs",
    { keySets: [FIRST, makeKeySet({ ...SECOND_FACTS, keys: [a, b, underIdOf(stranger, c)] })], signers: ABC },
    [CHANGED, /its key set 2 is not the pinned one: it has other keys under the same ids/],
  ),
  ...Object.entries({
    "by nobody": [],
    "by its own keys alone": [d, e],
    "by one of the keys before": [a, d, e],
    "by one of the keys before, twice": [a, a, d, e],
    "by one of the keys before and a stranger": [a, stranger, d, e],
  }).map(([name, signers]) =>
    rekeyed(`a new set that is signed ${name}`, { keySets: [...SETS, third({ signers })], signers: [d, e] }, TOO_FEW),
  ),
  rekeyed(
    "a new set that too few of its own keys signed",
    { keySets: [...SETS, third({ signers: [a, b, d] })], signers: [d, e] },
    [CHANGED, /key set 3 is signed by 1 of the keys of set 3, expected 2/],
  ),
  ...Object.entries({
    "by one of the keys before, and once more under the id of another": third({ signers: [a, underIdOf(a, b), d, e] }),
    "by strangers under the ids of the keys before": third({
      signers: [underIdOf(stranger, a), underIdOf(other, b), d, e],
    }),
    "for another repository": third({ repository: ELSEWHERE }),
    "for another version": third({ fileName: "key-set-4.txt" }),
    "for a lower threshold": { ...third({ threshold: 1 }), threshold: 2 },
    "for other keys": { ...third({ keys: [d, stranger] }), keys: [d.publicKey, e.publicKey] },
    "as another file": third({ fileName: "CHECKSUM" }),
    "by a signature that is cut": { ...third(), signatures: third().signatures.map((line) => line.slice(0, 100)) },
    "by two signatures in one": { ...third(), signatures: [third().signatures.join("")] },
    "by what is no signature": { ...third(), signatures: ["x", "y"] },
  }).map(([name, set]) =>
    rekeyed(`a new set that is signed ${name}`, { keySets: [...SETS, set], signers: [d, e] }, WRONG),
  ),
  rekeyed(
    "a second new set that only strangers signed, behind one that is right",
    {
      keySets: [...SETS, third(), makeKeySet({ version: 4, keys: [stranger] })],
      signers: [stranger],
    },
    [CHANGED, /key set 4 is signed by 0 of the keys of set 3, expected 2/],
  ),
  rekeyed(
    "a second new set that the keys of the first but one signed",
    {
      keySets: [...SETS, third(), makeKeySet({ version: 4, keys: [stranger], signers: [a, b, c, stranger] })],
      signers: [stranger],
    },
    [CHANGED, /key set 4 is signed by 0 of the keys of set 3/],
  ),
  rekeyed("new keys that are right, by the keys before", { keySets: [...SETS, third()], signers: [a, b] }, [
    "SIGNATURE_UNTRUSTED",
    /expected 2 of the keys of its set 3/,
  ]),
  rekeyed("new keys that are right, by one of them", { keySets: [...SETS, third()], signers: [a, b, d] }, [
    "SIGNATURE_MISSING",
    /signed by 1 of the keys of its set 3/,
  ]),
  ...Object.entries({
    "a set missing in between": [[...SETS, third({ version: 4 })], /expected version 3, found 4/],
    "a set twice": [[...SETS, SECOND], /expected version 3, found 2/],
    "without the first set": [[SECOND], /expected version 1, found 2/],
    "the other way round": [[SECOND, FIRST], /expected version 1, found 2/],
    "a set that asks for more signatures than it has keys": [
      [...SETS, third({ threshold: 3 })],
      /its key set 3 asks for 3 signatures and has 2 keys/,
    ],
    "a set without keys": [[...SETS, { ...third(), keys: [] }], /keys: must not be empty/],
    "a set that asks for no signature": [[...SETS, third({ threshold: 0 })], /threshold: must be at least 1/],
    "one key twice in a set": [[...SETS, third({ keys: [d, d] })], /must have each item once/],
    "one key under two ids in a set": [
      [...SETS, third({ keys: [d, underIdOf(d, e)] })],
      /its key set 3 has one key twice/,
    ],
    "one id for two keys in a set": [
      [...SETS, third({ keys: [d, underIdOf(e, d)] })],
      /its key set 3 has one key twice/,
    ],
    "a key under which anyone could sign": [
      [...SETS, { ...third(), keys: [d.publicKey, smallOrderKey(e)] }],
      /its key set 3: .*small order/,
    ],
    "65 sets": [Array.from({ length: 65 }, () => FIRST), /must have at most 64 items/],
  } as const).map(([name, [keySets, message]]) => ({
    name: `key sets with ${name}`,
    served: signed({ keySets }, [d, e]),
    code: "INDEX_INVALID" as const,
    message,
  })),
];
