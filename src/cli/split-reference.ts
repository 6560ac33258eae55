import { isDigest } from "../oci/digest.ts";
import { looksLikeReference } from "../oci/reference.ts";

/**
 * The arguments with each reference and its digest as one word, where they were typed as two, as `oci push` prints them.
 *
 * @param args the arguments that were typed
 * @param usage the command's usage; one that takes `manifests` takes digests as words of their own
 */
export function joinSplitReferences(args: readonly string[], usage: string): readonly string[] {
  if (/\bmanifests\b/.test(usage)) return args;
  const joined: string[] = [];
  for (const word of args) {
    const digest = word.replace(/^@/, "");
    const before = joined.at(-1) ?? "";
    if (isDigest(digest) && takesDigest(before)) joined[joined.length - 1] = `${before}@${digest}`;
    else joined.push(word);
  }
  return joined;
}

/** True for a reference or a place without a digest. */
function takesDigest(word: string): boolean {
  return (looksLikeReference(word) || /^oci(?:-archive)?:/.test(word)) && !/@sha(?:256|512):[^@]*$/.test(word);
}
