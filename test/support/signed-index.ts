import { zstdCompressSync } from "node:zlib";
import { formatTime } from "../../src/index/header.ts";
import { keySetText, type SignedKeySet } from "../../src/package/key-set.ts";
import type { Signer } from "./minisign-signer.ts";
import { v1Entry } from "./v1-index.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

export interface IndexFacts {
  readonly repository: string;
  readonly serial: number;
  readonly issuedMs: number;
  readonly expiresMs: number;
  readonly keySets: readonly SignedKeySet[];
  readonly packages: readonly unknown[];
  /** Members of the header that are set, or with undefined left out. */
  readonly header: Readonly<Record<string, unknown>>;
}

/** The text of a v1 index, with what a test cares about set. */
export function indexText(facts: Partial<IndexFacts> & Pick<IndexFacts, "keySets" | "issuedMs">): Buffer {
  const { repository = "registry.example/me/index", serial = 1, issuedMs, keySets, header = {} } = facts;
  const document = {
    format: 1,
    repository,
    serial,
    issued: formatTime(issuedMs),
    expires: formatTime(facts.expiresMs ?? issuedMs + 30 * DAY_MS),
    key_sets: keySets,
    ...header,
    packages: facts.packages ?? [v1Entry("tool", { version: `1.${serial}` })],
  };
  return Buffer.from(JSON.stringify(document));
}

export function packed(text: Buffer): Buffer {
  return zstdCompressSync(text);
}

export interface KeySetFacts {
  readonly repository?: string;
  readonly version?: number;
  readonly threshold?: number;
  readonly keys: readonly Signer[];
  /** By default its own keys. */
  readonly signers?: readonly Signer[];
  /** Default: as it has to be. */
  readonly fileName?: string;
}

/** A key set as an index carries it, signed. */
export function makeKeySet(facts: KeySetFacts): SignedKeySet {
  const { repository = "registry.example/me/index", version = 1, threshold = 1, keys, signers = keys } = facts;
  const set = { version, threshold, keys: keys.map(({ publicKey }) => publicKey) };
  const text = Buffer.from(keySetText(repository, set));
  const fileName = facts.fileName ?? `key-set-${version}.txt`;
  return { ...set, signatures: signers.map((signer) => signer.sign(text, fileName).toString()) };
}

/** The file of an index's signatures, one after the other. */
export function signIndex(bytes: Uint8Array, signers: readonly Signer[], fileName = "index.json.zst"): Buffer {
  return Buffer.concat(signers.map((signer) => signer.sign(bytes, fileName)));
}
