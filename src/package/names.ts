import { PkgError } from "../errors.ts";

const MAX_NAME_BYTES = 128;

/** Names as real packages have them (`7z`, `c++filt`, `ld.gold`, `git-add`); never a path, an option or a hidden file. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.+@~-]*$/;

/** True when `name` may become a link in the bin directory. */
export function isSafeName(name: string): boolean {
  return name.length <= MAX_NAME_BYTES && NAME.test(name);
}

/** Returns `name` when it is safe; `text` is what was typed. @throws {PkgError} SPEC_INVALID */
export function checkName(name: string, text: string): string {
  if (isSafeName(name)) return name;
  throw new PkgError("SPEC_INVALID", `Cannot use "${text}": "${name}" is not a package name`, {
    hint: "A name is written [family/]name[#id][@version][:repository], e.g. trurl or curl/trurl@8.14.1",
  });
}
