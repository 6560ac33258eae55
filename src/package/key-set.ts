/** Who may sign a repository's index. Each version is signed by enough keys of the version before. */
export interface KeySet {
  /** Counts up from 1. */
  readonly version: number;
  /** How many of `keys` must have signed. */
  readonly threshold: number;
  /** minisign public keys, the base64 line alone. */
  readonly keys: readonly string[];
}

/** A key set as an index carries it. */
export interface SignedKeySet extends KeySet {
  /** minisign signatures of `keySetText`, each four lines; by keys of this set and of the one before. */
  readonly signatures: readonly string[];
}

/**
 * The text that a key set's signatures sign: one fact per line, so that `minisign -S` can sign it too. `repository` is
 * what the index calls itself: a set that is signed for one repository is not valid for another.
 */
export function keySetText(repository: string, { version, threshold, keys }: KeySet): string {
  const lines = ["pkg key set", `repository: ${repository}`, `version: ${version}`, `threshold: ${threshold}`];
  return [...lines, ...keys.toSorted().map((key) => `key: ${key}`), ""].join("\n");
}

/** Parses a text that `keySetText` wrote; null for any other text. */
export function parseKeySetText(text: string): { readonly repository: string; readonly set: KeySet } | null {
  const values = (field: string) =>
    text.split("\n").flatMap((line) => (line.startsWith(`${field}: `) ? [line.slice(field.length + 2)] : []));
  const [repository = ""] = values("repository");
  const set = { version: Number(values("version")[0]), threshold: Number(values("threshold")[0]), keys: values("key") };
  return keySetText(repository, set) === text ? { repository, set } : null;
}
