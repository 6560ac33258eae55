/** One challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  /** Lower case, e.g. `bearer`. */
  readonly scheme: string;
  /** Keyed by lower-case names; of a repeated parameter, the first counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const SEPARATORS = /[ \t,]*/y;
const EQUALS = /[ \t]*=[ \t]*/y;
/** Some servers leave the quotes out, also around a URL. */
const UNQUOTED = /[^\s",]+/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/sy;
const TOKEN68 = /[ \t]+[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/y;

/**
 * Parses all challenges of a header, whose lines may have been joined by commas. Whatever follows a syntax error is
 * ignored.
 *
 * @see RFC 9110, sections 11.3 and 11.6.1
 */
export function parseChallenges(header: string | null): readonly Challenge[] {
  const scanner = new Scanner(header ?? "");
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  for (;;) {
    scanner.take(SEPARATORS);
    const name = scanner.take(TOKEN)?.[0]?.toLowerCase();
    if (name === undefined) return challenges;
    // `name =` can only be a parameter: a scheme is followed by a space and a name, a comma or the end.
    if (scanner.take(EQUALS) === null) {
      challenges.push({ scheme: name, parameters: new Map() });
      scanner.take(TOKEN68);
      continue;
    }
    const value = scanner.value();
    const current = challenges.at(-1);
    if (value === null || current === undefined) return challenges;
    if (!current.parameters.has(name)) current.parameters.set(name, value);
  }
}

/** Scans a text from left to right; sticky patterns keep it linear. */
class Scanner {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#position += match[0].length;
    return match;
  }

  value(): string | null {
    const quoted = this.take(QUOTED)?.[1];
    if (quoted !== undefined) return quoted.replace(/\\(.)/gs, "$1");
    return this.take(UNQUOTED)?.[0] ?? null;
  }
}
