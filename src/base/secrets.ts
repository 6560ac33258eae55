import { decodePercents } from "./percents.ts";
import { maskAll, maskLikely, maskUserInfo, querySecrets } from "./secret-patterns.ts";

/** The secrets that one run has sent or knows, and how they are taken out of text before anybody sees it. */
export interface Secrets {
  /** Remembers a secret: a password or a token. Empty and absent ones are ignored. */
  add(secret: string | null | undefined): void;
  /** Remembers what an `Authorization` header carries, and of Basic (RFC 7617) the password in it. */
  addAuthorization(header: string | undefined): void;
  /** Remembers the secrets in the query of an address, such as `?token=…`. */
  addQuery(address: string): void;
  /** Text from a server: without remembered secrets, however short, and without what looks like one. */
  redactForeign(text: string): string;
  /** A line of ours: the same, except for secrets that may be ordinary words. */
  redact(text: string): string;
  /** A result: without remembered secrets, except those that may be ordinary words, and without user info. */
  redactKnown(text: string): string;
}

/** What stands for a secret. */
const MASK = "***";
/** A shorter secret may be part of an ordinary word, so it is taken out only where it is a word of its own. */
const MIN_UNMISTAKABLE_CHARACTERS = 8;
/** Shorter ones are not looked for: nothing that accepts them keeps anybody out. */
const MIN_SECRET_CHARACTERS = 4;
/** Letters of one case, or digits, alone: a longer run of them is no word that anybody writes. */
const WORD = /^(?:[a-z]{1,11}|[A-Z]{1,11}|[0-9]{1,11})$/;

/** False for what may be an ordinary word or number, such as "wrong" or "registry", which our own text has too. */
function isUnmistakable(form: string): boolean {
  return form.length >= MIN_UNMISTAKABLE_CHARACTERS && !WORD.test(form);
}

/** A record of secrets, empty at first. */
export function createSecrets(): Secrets {
  return new KnownSecrets();
}

class KnownSecrets implements Secrets {
  /** Every way in which a secret may be written. */
  readonly #forms = new Set<string>();
  /** For the forms so far; null: to be made. */
  #all: RegExp | null = null;
  #unmistakable: RegExp | null = null;

  add(secret: string | null | undefined): void {
    if (secret === null || secret === undefined || secret.length < MIN_SECRET_CHARACTERS) return;
    if (this.#forms.has(secret)) return;
    for (const form of formsOf(secret)) this.#forms.add(form);
    this.#all = null;
    this.#unmistakable = null;
  }

  addQuery(address: string): void {
    for (const { name, value } of querySecrets(address)) {
      for (const form of new Set([value, decodePercents(value)]))
        this.add(isUnmistakable(form) ? form : `${name}=${form}`);
    }
  }

  addAuthorization(header: string | undefined): void {
    const [, scheme = "", value = ""] = /^(\S+)[ \t]+(.*)$/.exec(header ?? "") ?? [];
    this.add(value);
    // A token may be a password in base64, as GHCR wants it.
    const text = Buffer.from(value, "base64").toString("utf8");
    const isBasic = scheme.toLowerCase() === "basic";
    if (!isBasic && /[\p{Cc}\ufffd]/u.test(text)) return;
    this.add(text);
    if (isBasic) this.add(text.slice(text.indexOf(":") + 1));
  }

  redactForeign(text: string): string {
    if (this.#forms.size === 0) return maskLikely(text);
    this.#all ??= patternOf([...this.#forms]);
    return maskLikely(maskAll(text, [[this.#all, MASK]]));
  }

  redact(text: string): string {
    return maskLikely(this.#maskUnmistakable(text));
  }

  redactKnown(text: string): string {
    return maskUserInfo(this.#maskUnmistakable(text));
  }

  #maskUnmistakable(text: string): string {
    if (this.#forms.size === 0) return text;
    this.#unmistakable ??= patternOf([...this.#forms].filter(isUnmistakable));
    return maskAll(text, [[this.#unmistakable, MASK]]);
  }
}

/** The longest first, so that no part of a secret is left over. */
function patternOf(forms: readonly string[]): RegExp {
  const written = forms
    .toSorted((a, b) => b.length - a.length)
    .map((form) => {
      const exact = RegExp.escape(form);
      return isUnmistakable(form) ? exact : `(?<![A-Za-z0-9])${exact}(?![A-Za-z0-9])`;
    });
  return new RegExp(written.length === 0 ? "(?!)" : written.join("|"), "g");
}

/** As it is, and as URLs, forms, headers, JSON and pages write it. */
function formsOf(secret: string): ReadonlySet<string> {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString("base64");
  const encoded = encodeURIComponent(secret.toWellFormed());
  const form = new URLSearchParams({ s: secret }).toString().slice("s=".length);
  const inHex = (text: string) => text.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase());
  const markup = secret
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
  return new Set([
    secret,
    encoded,
    inHex(encoded),
    form,
    inHex(form),
    encodeURIComponent(base64),
    base64.replace(/=+$/, ""),
    base64,
    bytes.toString("base64url"),
    bytes.toString("hex"),
    JSON.stringify(secret).slice(1, -1),
    markup,
  ]);
}
