/**
 * Characters that are visible, take one cell of a terminal and never join others: ASCII, letters of Latin alphabets,
 * punctuation such as the ellipsis, arrows, boxes and blocks. The soft hyphen is left out.
 */
const SIMPLE = /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u259f]*$/;

/**
 * True for text that needs neither escaping nor a look at its graphemes. Nearly all text is, and what decides about the
 * rest takes long to load: the Unicode properties of a regular expression, and the segmenter.
 */
export function isSimple(text: string): boolean {
  return SIMPLE.test(text);
}
