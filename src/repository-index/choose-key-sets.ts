import { PkgError } from "../errors.ts";
import type { IndexHeader } from "../package/index-header.ts";
import { keySetText } from "../package/key-set.ts";
import type { Signer } from "../sign/signer.ts";
import { decideKeySets, type KeySets, keySetFileName } from "./decide-key-sets.ts";
import type { IndexFacts } from "./next-facts.ts";

/** Where the text of a new key set is left for others to sign, and where their signatures are found. */
export interface KeySetExchange {
  /** Signatures of the file of this name, each four lines. */
  collected(fileName: string): readonly string[];
  /** Leaves the text there, and gives its path. */
  leave(fileName: string, text: string): string;
}

/** Who signs, and who may sign from now on. */
export interface ChooseKeySetsRequest {
  /** Public keys that may sign from now on; null: as before. */
  readonly trust: readonly string[] | null;
  /** How many of them have to sign; null: as before. */
  readonly threshold: number | null;
  readonly signers: readonly Signer[];
  /** Null: key sets cannot be handed to others to sign. */
  readonly exchange: KeySetExchange | null;
}

/**
 * The key sets of the next index. A new one that too few have signed is left for others to sign, and refused: nobody would
 * accept an index with it.
 *
 * @throws {PkgError} as decideKeySets; SIGNATURE_MISSING when others have to sign the new key set first
 */
export function chooseKeySets(
  { trust, threshold, signers, exchange }: ChooseKeySetsRequest,
  before: IndexHeader | null,
  { repository, issuedMs }: IndexFacts,
): KeySets {
  const previous = before?.keySets ?? [];
  const fileName = keySetFileName({ version: previous.length + 1 });
  const keySets = decideKeySets({
    ...{ repository, previous, trust, threshold, signers },
    collected: exchange?.collected(fileName) ?? [],
    timestamp: issuedMs / 1000,
  });
  const { problem, missing } = keySets;
  if (problem === null) return keySets;
  const path = exchange?.leave(fileName, keySetText(repository, keySets.inForce));
  const hint =
    path === undefined
      ? "Sign with more keys: --key NAME --key OTHER; or have others sign it, which `pkg index build --output DIR` is for"
      : `Have "${path}" signed by ${missing.join(", ")}, with \`pkg index sign\` or \`minisign -S\`, then run this again`;
  throw new PkgError("SIGNATURE_MISSING", `Cannot build the index: ${problem}`, { hint });
}
