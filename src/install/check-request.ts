import { givenWith } from "../base/given-with.ts";
import { PkgError } from "../errors.ts";
import type { ImageWish } from "../package/image.ts";
import type { Waiver } from "../package/policy.ts";
import type { Resolved } from "../resolve/resolve.ts";
import type { ChoosePackage } from "../resolve/settle-ambiguous.ts";
import { isReference } from "../resolve/spec.ts";
import { parsePublicKey } from "../verify/minisign.ts";

/** What `pkg install` was asked for. */
export interface InstallRequest {
  readonly specs: readonly string[];
  readonly reinstall: boolean;
  readonly dryRun: boolean;
  readonly skip: readonly Waiver[];
  /** The public key of the publisher of direct references; null: none was given. */
  readonly key: string | null;
  /** The name that it is installed as; absent: its own. */
  readonly as?: string;
  /** What is wanted of an image; absent: nothing was said. */
  readonly image?: ImageWish;
  /** Where relative paths begin. */
  readonly directory: string;
  /** Asks which package an ambiguous name means; without it, such a name is an error. */
  readonly choose?: ChoosePackage;
}

/** Checks --key, which only references take: repositories have keys of their own. @throws {PkgError} USAGE, KEY_INVALID */
export function checkKey({ key, specs }: InstallRequest): void {
  if (key === null) return;
  givenWith("--key", () => parsePublicKey(key));
  const named = specs.find((text) => !isReference(text));
  if (named === undefined) return;
  throw new PkgError("USAGE", `Cannot use --key for "${named}": expected a reference such as ghcr.io/me/tools/trurl`, {
    hint: "The packages of a repository are checked with its own keys; `pkg repo list` shows them",
  });
}

/** Checks --program and --with-libraries, which one image takes. @throws {PkgError} USAGE */
export function checkImage({ image, specs }: InstallRequest): void {
  if (image === undefined) return;
  const option = image.programs.length > 0 ? "--program" : "--with-libraries";
  const [only = "", ...others] = specs;
  if (others.length === 0 && isReference(only)) return;
  const found = others.length === 0 ? `"${only}"` : `${specs.length} packages`;
  throw new PkgError("USAGE", `Cannot use ${option} for ${found}: expected one container image`, {
    hint: "Name an image by its reference, such as ghcr.io/astral-sh/uv",
  });
}

/** A better error for a version that was typed as a word of its own: whoever types `curl 8` may mean curl in version 8, if there is no package called 8. */
export function joinVersions(resolved: readonly Resolved[]): readonly Resolved[] {
  return resolved.map((item, index) => {
    const before = resolved[index - 1]?.requested ?? "";
    const isVersion = /^v?\d[\w.+-]*$/.test(item.requested) && /^[\w.+/#-]+$/.test(before);
    if (!("error" in item) || item.error.code !== "PACKAGE_NOT_FOUND" || !isVersion) return item;
    const { code, message } = item.error;
    const hint = `Did you mean "${before}@${item.requested}", in one word?`;
    return { requested: item.requested, error: new PkgError(code, message, { hint, cause: item.error }) };
  });
}
