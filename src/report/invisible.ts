/** Scripts whose letters join, where ZERO WIDTH NON-JOINER and JOINER choose their form (RFC 5892, appendix A.1 and A.2). */
const JOINING = "[\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Mongolian}\\p{Script=Nko}]";
const INDIC =
  "[\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}" +
  "\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Myanmar}]";
/** Behind a virama a joiner has a meaning of its own, also at the end of a word. */
const VIRAMA = "[\\u094D\\u09CD\\u0A4D\\u0ACD\\u0B4D\\u0BCD\\u0C4D\\u0CCD\\u0D4D\\u0DCA\\u1039]";
const LETTER = (script: string) => `(?=\\p{L}|\\p{M})${script}`;

/** An emoji, or the base of one; digits are the base of keycaps alone. */
const EMOJI = "(?![0-9#*])\\p{Emoji}";

/** Each is one invisible character between what it belongs to, so that two in a row, or one in a Latin name, are escaped. */
const SEQUENCES: readonly string[] = [
  // A family: emoji, perhaps with a style or a skin, joined. UTS #51, "emoji zwj sequence"
  "(?<=\\p{Extended_Pictographic}(?:\\uFE0F|\\p{Emoji_Modifier})?)\\u200D(?=\\p{Extended_Pictographic})",
  // A style, of an emoji or a keycap.
  `(?<=${EMOJI})[\\uFE0E\\uFE0F]`,
  "(?<=[0-9#*])\\uFE0F(?=\\u20E3)",
  // The three flags that are made of tags: England, Scotland, Wales.
  "(?<=\\u{1F3F4})\\u{E0067}\\u{E0062}(?:\\u{E0065}\\u{E006E}\\u{E0067}|\\u{E0073}\\u{E0063}\\u{E0074}|\\u{E0077}\\u{E006C}\\u{E0073})\\u{E007F}",
  // Forms of one ideograph, as Japanese names need them, and of one Mongolian letter.
  "(?<=\\p{Script=Han})[\\uFE00-\\uFE02\\u{E0100}-\\u{E01EF}]",
  "(?<=\\p{Script=Mongolian})[\\u180B-\\u180D\\u180F]",
  `(?<=${LETTER(JOINING)}\\p{M}*)[\\u200C\\u200D](?=${LETTER(JOINING)})`,
  `(?<=${VIRAMA})[\\u200C\\u200D]`,
  `(?<=${LETTER(INDIC)}\\p{M}*)[\\u200C\\u200D](?=${LETTER(INDIC)})`,
];

/** The source of a regular expression, to be used with the flag "u": invisible characters where scripts and emoji need them: what they join or style is seen, and looks different without them. */
export const LEGITIMATE_INVISIBLE = SEQUENCES.join("|");
