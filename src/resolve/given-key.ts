import { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";

/** The publisher's key that a person gave for what is installed from a place; null: none. */
export function keyGivenFor(
  installations: readonly Pick<Installation, "repository" | "packageId" | "publisherKey">[],
  place: string,
): string | null {
  const same = installations.filter(({ repository, packageId }) => repository === null && packageId === place);
  return same.find((item) => item.publisherKey !== null)?.publisherKey ?? null;
}

/**
 * Refuses a file that names another key than the one that was given before: whoever can change a file must not be able to change
 * whom a publisher has to be.
 *
 * @throws {PkgError} SIGNATURE_UNTRUSTED
 */
export function checkGivenKey(
  cannot: string,
  { given, key }: { readonly given: string | null; readonly key: string | null },
): void {
  if (given === null || key === null || given === key) return;
  throw new PkgError(
    "SIGNATURE_UNTRUSTED",
    `${cannot}: its key is ${key}, expected ${given}, with which it is installed`,
    {
      hint: "If its publisher has a new key, install it by hand with that, `pkg install REFERENCE --key KEY`",
    },
  );
}
