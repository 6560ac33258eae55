import { posix } from "node:path";

/** `x.1`, `Foo::Bar.3pm`, `x.1.gz`: name, section, packing. */
const page = () => /^([A-Za-z0-9_[][^/\s\p{Cc}]*)\.([1-9][A-Za-z]{0,8}?|[nl])(?:\.(?:gz|bz2|xz|zst|lzma|Z))?$/u;
const SECTION_DIRECTORY = /^man([1-9nl])[0-9a-z]*$/;
const LANGUAGE = /^[a-z]{2,3}(?:_[A-Z]{2})?(?:[.@][\w.@-]+)?$/;
/** Where release archives keep pages that are not in a tree of sections. */
const PAGE_DIRECTORIES: ReadonlySet<string> = new Set(["man", "manpage", "manpages", "man-pages", "man_pages"]);
/** Where they are among other files. */
const DOCUMENT_DIRECTORIES: ReadonlySet<string> = new Set(["doc", "docs", "documentation"]);

/**
 * Where a man page belongs, relative to the data directory; null for what is none. Outside of directories for man pages, a page is
 * one of a command of the package: `x.so.1` and `NEWS.1` are none.
 */
export function manPlace(
  { name, commands }: { readonly name: string; readonly commands: readonly string[] },
  path: string,
): { readonly place: string; readonly isUsual: boolean } | null {
  const base = posix.basename(path);
  const [, stem = "", section = ""] = page().exec(base) ?? [];
  if (section === "") return null;
  const [parent, above, beyond] = directoriesOf(path);
  const digit = section.slice(0, 1);
  const inSection = SECTION_DIRECTORY.exec(parent ?? "")?.[1];
  if (inSection !== undefined) {
    if (inSection !== digit) return null;
    const isTranslated = above !== undefined && beyond === "man" && LANGUAGE.test(above);
    return {
      place: `man/${isTranslated ? `${above}/` : ""}${parent}/${base}`,
      isUsual: above === "man" || isTranslated,
    };
  }
  const isAmongPages = parent !== undefined && PAGE_DIRECTORIES.has(parent);
  const isLoose = parent === undefined || DOCUMENT_DIRECTORIES.has(parent);
  const isOwn = [name, ...commands].some((command) => stem === command || stem.startsWith(`${command}-`));
  return isAmongPages || (isLoose && isOwn) ? { place: `man/man${digit}/${base}`, isUsual: false } : null;
}

/** The parts of the directory that a file is in, the nearest first. */
function directoriesOf(path: string): readonly string[] {
  const directory = posix.dirname(path);
  return directory === "." ? [] : directory.split("/").toReversed();
}
