/** Text to take out, and what to put in its place. */
export type Pattern = readonly [RegExp, string];

/** Names of query parameters that carry secrets. */
const SECRET_PARAMETER =
  "(?:[\\w.-]{0,40}(?:token|secret|passw(?:or)?d|signature|credential|api[-_]?key|access[-_]?key(?:id)?|auth)[\\w.-]{0,20}|sig|key|jwt|pwd)";
/** Those that carry them where they lead to a login or to cloud storage, and are ordinary words elsewhere. */
const PERHAPS_SECRET_PARAMETER = "(?:[\\w.-]{0,40}policy[\\w.-]{0,20}|code)";

/** User names and passwords in addresses, which are shown nowhere. The name alone that ssh asks for is no secret. */
const USER_INFO: readonly Pattern[] = [
  [
    /(\b(?!(?:git\+)?ssh:\/\/[^\s/?#"'<>@:]+@)[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"'<>@]+(?:@[^\s/?#"'<>@]+)*@/gi,
    "$1***@",
  ],
  // The same without a scheme, as somebody might type it for a registry; `mailto:` and its like precede an address.
  [
    /((?:^|[\s"'`/])(?:https?:)?)(?!(?:mailto|acct|sips?|xmpp):)[^\s/"'`@:]+:[^\s/"'`@]+@(?=(?:[\w-]+\.)+[A-Za-z]{2,}|(?:\d{1,3}\.){3}\d{1,3}|localhost)/gi,
    "$1***@",
  ],
];

/** Parts of URLs and headers that carry secrets, whoever they belong to. */
const LOOKS_LIKE_SECRET: readonly Pattern[] = [
  ...USER_INFO,
  // What follows the scheme is prose if it is a single word in one case: "Basic authentication".
  [
    /\b((?:[Bb]asic|[Bb]earer|[Nn]egotiate|[Dd]igest|BASIC|BEARER)(?:[ \t]+|%20|\+))(?=[^\s"',;<>]*(?:[0-9=+/._-]|[a-z][A-Z]))[A-Za-z0-9._~+/%-]{8,}=*/g,
    "$1***",
  ],
  [new RegExp(`([?&;#](?:amp;)?(?:${SECRET_PARAMETER}|${PERHAPS_SECRET_PARAMETER})=)[^\\s&"'<>#]+`, "gi"), "$1***"],
  [
    /((?:^|[\s{,"'\\])(?:[\w-]{0,20}(?:token|secret|passw(?:or)?d|passphrase)|auth)\\?["']?[ \t]*[:=][ \t]*\\?["'])[^"'\\]+/gi,
    "$1***",
  ],
];

/** Replaces what each of the patterns matches. */
export function maskAll(text: string, patterns: readonly Pattern[]): string {
  return patterns.reduce((shown, [pattern, mask]) => shown.replace(pattern, mask), text);
}

/** Replaces user names and passwords in addresses; these have an `@`, which is looked for first. */
export function maskUserInfo(text: string): string {
  return text.includes("@") ? maskAll(text, USER_INFO) : text;
}

/** Each of the patterns needs one of these; most lines have none, and to compile all patterns takes a millisecond. */
const MAY_BE_SECRET = /[@=:]|basic|bearer|negotiate|digest/i;

/** Replaces what looks like a secret, whoever it belongs to. */
export function maskLikely(text: string): string {
  return MAY_BE_SECRET.test(text) ? maskAll(text, LOOKS_LIKE_SECRET) : text;
}

const SECRET_QUERY = new RegExp(`[?&;#](?<name>${SECRET_PARAMETER})=(?<value>[^\\s&"'<>#]+)`, "gi");

/** The parameters of an address that carry secrets, such as `token` or `X-Amz-Signature`, as they are written. */
export function querySecrets(address: string): readonly { readonly name: string; readonly value: string }[] {
  return [...address.matchAll(SECRET_QUERY)].map(({ groups }) => ({
    name: groups?.["name"] ?? "",
    value: groups?.["value"] ?? "",
  }));
}
