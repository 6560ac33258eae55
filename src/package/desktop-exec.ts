/**
 * The words of an Exec key: field codes (`%f`) and `%%` stand in them as they are written.
 *
 * @returns null for what is not written as the specification says: a quote that is not closed
 * @see Desktop Entry Specification 1.5, "The Exec key"
 */
export function execWords(value: string): readonly string[] | null {
  const words: string[] = [];
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"(?=\s|$)|([^\s"]+)(?=\s|$))/suy;
  const text = value.trimEnd();
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return null;
    const [, quoted, plain] = match;
    words.push(quoted === undefined ? (plain ?? "") : quoted.replace(/\\(.)/gsu, "$1"));
  }
  return words;
}

/** Characters that a word may have without quotes. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./{}[\]^!-]+$/;
const QUOTED = /["`$\\]/g;

/** An Exec key of these words. Field codes stand outside of quotes wherever a word has nothing but them that would need any. */
export function execOf(words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : `"${word.replace(QUOTED, "\\$&")}"`)).join(" ");
}

/** A word that means itself: a `%` in it begins no field code. */
export function literalWord(text: string): string {
  return text.replaceAll("%", "%%");
}

const KNOWN_CODES = /^[fFuUick%]$/;
const FILE_CODES = /^[fFuU]$/;

/**
 * The words without field codes that mean nothing any more, or never did, and with at most one that stands for files: the
 * specification allows no more. A word that was nothing else goes.
 */
export function knownCodes(words: readonly string[]): readonly string[] {
  let hasFiles = false;
  return words.flatMap((word) => {
    const kept = word.replace(/%(.?)/gsu, (code, letter: string) => {
      if (!KNOWN_CODES.test(letter)) return "";
      if (!FILE_CODES.test(letter)) return code;
      const isFirst = !hasFiles;
      hasFiles = true;
      return isFirst ? code : "";
    });
    return kept === "" && word !== "" ? [] : [kept];
  });
}
