import { isObject, parseJsonOrNull } from "../base/json.ts";

/** Where a bottle says how it was made; it comes before all directories of a keg but `.brew`. */
export const RECEIPT = "INSTALL_RECEIPT.json";
/** What is larger was not written by Homebrew. */
export const MAX_RECEIPT_BYTES = 4 * 1024 ** 2;

/**
 * The files that placeholders were put into as into a text, by the receipt of a bottle. Some hold other data too.
 *
 * @returns none for what is no receipt: what is wrong with it, others say
 * @see Library/Homebrew/tab.rb, `changed_files`
 */
export function changedFiles(receipt: Buffer): ReadonlySet<string> {
  const value = parseJsonOrNull(receipt);
  const paths = isObject(value) ? value["changed_files"] : null;
  return new Set(Array.isArray(paths) ? paths.filter((path) => typeof path === "string") : []);
}
