import { refuseBareUserInfo, refuseUserInfo } from "../base/user-info.ts";
import { hasCode, PkgError } from "../errors.ts";
import { type Location, refuseOtherPlace } from "../oci/location.ts";
import { checkName, isSafeName } from "./names.ts";

/** How a person names a package: `[family/]name[#pkg_id][@version][:repo]`, a reference, or a place on this machine. */
export type Spec = NamedSpec | ReferenceSpec;

export interface NamedSpec {
  readonly kind: "named";
  /** As typed, for messages. */
  readonly text: string;
  readonly name: string;
  readonly family: string | null;
  readonly id: string | null;
  /** A version, the beginning of one, a range, or `latest`; case kept. */
  readonly version: string | null;
  readonly repository: string | null;
}

export interface ReferenceSpec {
  readonly kind: "reference";
  readonly text: string;
  /** In a registry, in an OCI layout, or in a tar of one. */
  readonly location: Location;
}

const MAX_SPEC_LENGTH = 512;

/**
 * Parses a name with the parts that narrow it down.
 *
 * @throws {PkgError} SPEC_INVALID; REFERENCE_INVALID for a place of another program
 */
export function parseNamedSpec(text: string): NamedSpec {
  refuseUserInfo(text, "SPEC_INVALID");
  refuseBareUserInfo(text, "SPEC_INVALID");
  if (text.length > MAX_SPEC_LENGTH) {
    throw invalid(`${text.slice(0, 40)}…`, `it is ${text.length} characters long, at most ${MAX_SPEC_LENGTH}`);
  }
  refuseAddress(text);
  refuseOtherPlace(text);
  try {
    return parseNamed(text);
  } catch (error) {
    const meant = hasCode(error, "SPEC_INVALID") ? asOthersWrite(text) : null;
    if (meant === null) throw error;
    const problem = text.endsWith("@") ? "its version is empty" : "a version is written after @";
    throw invalid(text, problem, `Did you mean "${meant}"?`);
  }
}

/** What others write between a name and a version, and what it is here. */
const MARKS: ReadonlyMap<string, string> = new Map([
  ...["=", "==", "===", "@", ":"].map((mark) => [mark, ""] as const),
  ...["~", "~=", "~>"].map((mark) => [mark, "~"] as const),
  ...["!", "!="].map((mark) => [mark, "!="] as const),
  ...["<=", "=<"].map((mark) => [mark, "<="] as const),
  ...[">=", "=>"].map((mark) => [mark, ">="] as const),
  ...["<", ">", "^"].map((mark) => [mark, mark] as const),
]);

/** What cannot be anything but a version, or a list of comparisons that begins with one: `8.*`, `r123`, `8,<9`, `latest`. */
const WISH = /^(?:v?\d|[a-z]+[-.]?\d|HEAD\b|latest$|\*$)[\w.+*<>=^~!,| -]*$/i;

const MARKED = /^([\w.+/#-]+)\s*(?:@\s*(?=[=<>~^!]))?([=<>~^!@]{1,3}|:(?=v?\d+\.))\s*(.+)$/;

/** `NAME=8`, `NAME!=8`, `NAME>=8,<9`, `NAME 8`, `NAME:8.1`, `NAME:REPOSITORY@8` and `NAME@` in our form; null for anything else. */
function asOthersWrite(text: string): string | null {
  const [, bare] = /^([\w.+/#-]+)@$/.exec(text) ?? [];
  if (bare !== undefined) return bare;
  const [, before, repository, after] = /^([\w.+/#-]+):([a-z0-9][a-z0-9_-]*)@(.+)$/.exec(text) ?? [];
  if (before !== undefined) return `${before}@${after}:${repository}`;
  const [, spaced, only] = /^([\w.+/#-]+)\s+(v?\d[\w.+-]*)$/.exec(text) ?? [];
  if (spaced !== undefined) return `${spaced}@${only}`;
  const [, name, mark = "", wish = ""] = MARKED.exec(text) ?? [];
  const own = MARKS.get(mark);
  return name === undefined || own === undefined || !WISH.test(wish) ? null : `${name}@${own}${wish}`;
}

/**
 * The same spec with what follows an `@` as a part of the name, if there is such a name: `openssl@3` may be called so.
 *
 * @param isName whether something is called exactly that
 */
export function withWholeName(spec: NamedSpec, isName: (name: string) => boolean): NamedSpec {
  const { name, version } = spec;
  if (version === null) return spec;
  const last = version.lastIndexOf("@");
  const ways = [
    { name: `${name}@${version}`, version: null },
    ...(last > 0 ? [{ name: `${name}@${version.slice(0, last)}`, version: version.slice(last + 1) }] : []),
  ];
  const way = ways.find((other) => other.version !== "" && isSafeName(other.name) && isName(other.name));
  return way === undefined ? spec : { ...spec, ...way };
}

/** Every way to read a name with a version behind a hyphen, a colon or `~`, as in `curl-8.13`: what may be meant by what is not found. */
export function splitVersions(text: string): readonly { readonly name: string; readonly version: string }[] {
  return [...text.matchAll(/[-_:~](?=v?\d|latest$)/gi)].flatMap(({ index, 0: mark }) => {
    const [name, version] = [text.slice(0, index), text.slice(index + 1)];
    if (!/^[\w.+/#-]+$/.test(name) || !/^[\w.+-]+$/.test(version)) return [];
    return [{ name, version: mark === "~" ? `~${version}` : version }];
  });
}

/** Parsed from the right: a version may contain almost anything except the colon before a repository's name. */
function parseNamed(text: string): NamedSpec {
  const [beforeRepository, repository] = splitAt(text, /:([a-z0-9][a-z0-9_-]{0,63})$/);
  const [beforeVersion, version] = splitAt(beforeRepository, /@(.*)$/s);
  const [path, id] = splitAt(beforeVersion, /#(.*)$/s);
  const slash = path.indexOf("/");
  return {
    kind: "named",
    text,
    family: slash === -1 ? null : checkName(path.slice(0, slash), text),
    name: checkName(path.slice(slash + 1), text),
    id: checkPart(id, text, "id"),
    version: checkPart(version, text, "version"),
    repository,
  };
}

/** The text before the match, and the text of its group. A mark at the very beginning does not count. */
function splitAt(text: string, pattern: RegExp): readonly [string, string | null] {
  const match = pattern.exec(text);
  return match === null || match.index === 0 ? [text, null] : [text.slice(0, match.index), match[1] ?? ""];
}

function checkPart(value: string | null, text: string, what: string): string | null {
  if (value === null || /^[^\p{Cc}]+$/u.test(value)) return value;
  throw invalid(text, value === "" ? `its ${what} is empty` : `its ${what} holds control characters`);
}

/** What others install from, such as `https://ghcr.io/me/tools/trurl`. */
function refuseAddress(text: string): void {
  const [, scheme] = /^([a-z][a-z0-9+.-]*:\/\/)/i.exec(text) ?? [];
  if (scheme === undefined) return;
  const hint =
    scheme.toLowerCase() === "file://"
      ? "For an OCI layout, or a tar of one, type its path: ./DIRECTORY:TAG or /DIRECTORY:TAG"
      : `For a package in a registry, leave out "${scheme}"; a repository of packages is added with \`pkg repo add URL\``;
  throw invalid(text, "it is an address, expected a name or a reference", hint);
}

const FORM = "A name is written [family/]name[#id][@version][:repository], e.g. trurl or curl/trurl@8.14.1";

function invalid(text: string, reason: string, hint = FORM): PkgError {
  return new PkgError("SPEC_INVALID", `Cannot use "${text}": ${reason}`, { hint });
}
