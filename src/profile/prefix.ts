import { statSync } from "node:fs";
import { PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import type { Installations } from "../state/installations.ts";

/** What may be in the path of a prefix: the rest means something in scripts, search paths, or patterns, which name it. */
const PLAIN_PATH = /^[\p{L}\p{N}/._+@~,=-]+$/u;

/**
 * Refuses to pour bottles into a prefix other than the one of those that are poured already, which their files name, or into one
 * that files cannot name.
 *
 * @throws {PkgError} CONFIG_INVALID, FILE_SYSTEM
 */
export function refuseOtherPrefix(prefix: string, installations: Pick<Installations, "prefix">): void {
  const poured = installations.prefix();
  if (poured !== null && poured !== prefix) throw moved(prefix, poured);
  const odd = [...prefix].find((character) => !PLAIN_PATH.test(character));
  if (odd !== undefined || !prefix.startsWith("/")) throw unfit(prefix, odd);
  if (isFile(prefix)) {
    throw new PkgError("FILE_SYSTEM", `Cannot pour bottles into "${prefix}": it is a file, expected a directory`, {
      hint: "Move it away, or set another prefix where the config has their repository",
    });
  }
}

function moved(prefix: string, poured: string): PkgError {
  return new PkgError(
    "CONFIG_INVALID",
    `Cannot pour bottles into "${prefix}": those that are installed are in "${poured}", which their files name`,
    {
      hint: `Set \`prefix = "${poured}"\` where the config has their repository, or remove them first: \`pkg list\` shows them`,
    },
  );
}

function unfit(prefix: string, odd: string | undefined): PkgError {
  const problem = odd === undefined ? "it is not an absolute path" : `it has "${odd}" in its path`;
  return new PkgError(
    "CONFIG_INVALID",
    `Cannot pour bottles into "${prefix}": ${problem}, expected letters, digits and "/._+@~,=-"`,
    { hint: 'Set another one where the config has their repository, such as `prefix = "~/.pkg"`' },
  );
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
  } catch (error) {
    throw fileSystemError(error, `look at "${path}"`);
  }
}
