/** The secrets that one run has sent or knows, and how they are taken out of text before anybody sees it. */
export interface Secrets {
  /** Remembers a secret: a password, a token, a passphrase. Empty and absent ones are ignored. */
  add(secret: string | null | undefined): void;
  /** Remembers what an `Authorization` header carries, and of Basic (RFC 7617) the password in it. */
  addAuthorization(header: string | undefined): void;
  /** Text about a failure, or from a server: without remembered secrets, and without what looks like one. */
  redact(text: string): string;
  /** A result: without remembered secrets, except those so short that they may be ordinary words, and without user info. */
  redactKnown(text: string): string;
}

/** What stands for a secret. */
const MASK = "***";
/** A shorter secret may be part of an ordinary word, so it is taken out only where it is a word of its own. */
const MIN_UNMISTAKABLE_CHARACTERS = 8;
/** Shorter ones are not looked for: nothing that accepts them keeps anybody out. */
const MIN_SECRET_CHARACTERS = 4;

/** Text to take out, and what to put in its place. */
type Pattern = readonly [RegExp, string];

/** User names and passwords in addresses, which are shown nowhere. */
const USER_INFO_PATTERNS: readonly Pattern[] = [
  [/(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"'<>@]+(?:@[^\s/?#"'<>@]+)*@/gi, `$1${MASK}@`],
  // The same without a scheme, as somebody might type it for a registry.
  [
    /((?:^|[\s"'`/])(?:https?:)?)[^\s/"'`@:]+:[^\s/"'`@]+@(?=(?:[\w-]+\.)*(?:[\w-]+\.(?:[A-Za-z]{2,}|\d+)|localhost))/g,
    `$1${MASK}@`,
  ],
];

/** Parts of URLs and headers that carry secrets, whoever they belong to. */
const PATTERNS: readonly Pattern[] = [
  ...USER_INFO_PATTERNS,
  // What follows the scheme is prose if it is a single word in one case: "Basic authentication".
  [
    /\b((?:[Bb]asic|[Bb]earer|[Nn]egotiate|[Dd]igest|BASIC|BEARER)(?:[ \t]+|%20|\+))(?=[^\s"',;<>]*(?:[0-9=+/._-]|[a-z][A-Z]))[A-Za-z0-9._~+/%-]{8,}=*/g,
    `$1${MASK}`,
  ],
  [
    /([?&;](?:amp;)?(?:[\w.-]{0,40}(?:token|secret|passw(?:or)?d|signature|credential|api[-_]?key|access[-_]?key(?:id)?|auth|policy)[\w.-]{0,20}|sig|key|jwt|pwd|code)=)[^\s&"'<>#]+/gi,
    `$1${MASK}`,
  ],
  [
    /((?:^|[\s{,"'\\])(?:[\w-]{0,20}(?:token|secret|passw(?:or)?d|passphrase)|auth)\\?["']?[ \t]*[:=][ \t]*\\?["'])[^"'\\]+/gi,
    `$1${MASK}`,
  ],
];

/** A record of secrets, empty at first. */
export function createSecrets(): Secrets {
  return new KnownSecrets();
}

class KnownSecrets implements Secrets {
  /** Every way in which a secret may be written. */
  readonly #forms = new Set<string>();
  /** For the forms so far; null: to be made. */
  #words: RegExp | null = null;
  #unmistakable: RegExp | null = null;

  add(secret: string | null | undefined): void {
    if (secret === null || secret === undefined || secret.length < MIN_SECRET_CHARACTERS) return;
    if (this.#forms.has(secret)) return;
    for (const form of formsOf(secret)) this.#forms.add(form);
    this.#words = null;
    this.#unmistakable = null;
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

  redact(text: string): string {
    this.#words ??= this.#pattern(MIN_SECRET_CHARACTERS);
    return replaceAll(text.replace(this.#words, MASK), PATTERNS);
  }

  redactKnown(text: string): string {
    this.#unmistakable ??= this.#pattern(MIN_UNMISTAKABLE_CHARACTERS);
    return replaceAll(text.replace(this.#unmistakable, MASK), USER_INFO_PATTERNS);
  }

  /** The longest first, so that no part of a secret is left over. */
  #pattern(minCharacters: number): RegExp {
    const forms = [...this.#forms].filter(({ length }) => length >= minCharacters).sort((a, b) => b.length - a.length);
    const written = forms.map((form) => {
      const exact = RegExp.escape(form);
      return form.length >= MIN_UNMISTAKABLE_CHARACTERS ? exact : `(?<![A-Za-z0-9])${exact}(?![A-Za-z0-9])`;
    });
    return new RegExp(written.length === 0 ? "(?!)" : written.join("|"), "g");
  }
}

function replaceAll(text: string, patterns: readonly Pattern[]): string {
  return patterns.reduce((shown, [pattern, mask]) => shown.replace(pattern, mask), text);
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
