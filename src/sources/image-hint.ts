import { PkgError } from "../errors.ts";

/** Options that say what is taken out of an image. */
const IMAGE_OPTIONS = /(?<![\w-])--(?:program|with-libraries)(?![\w-])/g;

/**
 * The error about an image that is installed, of which the hint names an option: `update` and others have none of them, so it
 * says whose it is.
 *
 * @param requested the image, as it is typed to install it
 */
export function hintedForInstalled(error: PkgError, requested: string): PkgError {
  const hint = error.hint?.replaceAll(IMAGE_OPTIONS, (option) => `\`${option}\` of \`pkg install ${requested}\``);
  if (hint === undefined || hint === error.hint) return error;
  return new PkgError(error.code, error.message, { hint, cause: error.cause });
}
