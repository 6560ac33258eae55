import { isDigest } from "../oci/digest.ts";
import { looksLikeReference } from "../oci/reference.ts";
import type { CalledCommand } from "./called-command.ts";
import { usageError } from "./usage.ts";

/**
 * Refuses a reference and its digest as two words, as `oci push` prints them, and says how they belong together.
 *
 * @param args the arguments that were typed
 * @param usage the command's usage; one that takes `manifests` takes digests as words of their own
 * @throws {PkgError} USAGE
 */
export function refuseSplitReference(args: readonly string[], usage: string, called: CalledCommand): void {
  if (/\bmanifests\b/.test(usage)) return;
  for (const [position, word] of args.entries()) {
    const digest = word.replace(/^@/, "");
    const before = args[position - 1] ?? "";
    const isPlace = looksLikeReference(before) || /^oci(?:-archive)?:/.test(before);
    if (!isDigest(digest) || !isPlace || before.includes("@")) continue;
    throw usageError(
      {
        text: `Cannot run "${called.words.join(" ")}": "${before}" and "${digest}" are two words`,
        advice: `Write them as one word, ${before}@${digest}.`,
      },
      called,
    );
  }
}
