import { PkgError } from "../errors.ts";

/** The error for a web page where a registry's answer was expected: `Cannot fetch blob "…": expected a blob, found a web page`. */
export function foundWebPage(task: string, expected: string, at = ""): PkgError {
  return new PkgError("NOT_A_REGISTRY", `Cannot ${task}: expected ${expected}, found a web page${at}`, {
    hint: "Check the registry's name and the mirrors in the config; a proxy or login page may have answered instead",
  });
}
