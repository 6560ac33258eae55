import { addAll } from "../base/many.ts";

/** Scripts that are written without spaces, or, as Korean, with compounds: a word is found only if it may begin anywhere. */
const unspaced = () =>
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}]+/gu;
const words = () => /[\p{L}\p{N}\p{M}]+/gu;
/** The same where there is nothing else, which is several times as fast. */
const ASCII_WORD = /[a-z0-9]+/g;
const ASCII = /^[\0-\x7f]*$/;
/** Accents and the like; marks that other scripts write vowels and voices with stay. */
const ACCENTS = /[\u0300-\u036f]/g;
const SEPARATORS = /[-_.\s]+/g;

/** True for a text whose words are runs of letters and digits, and which folding only makes lower case. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/**
 * The form in which texts are compared: without regard to case (`Ä` is `ä`, `İ` is `i`, `ß` is `ss`), accents (`café` is
 * `cafe`), and width (`ＡＢＣ` is `abc`).
 *
 * @see Unicode Standard Annex #15 (compatibility decomposition), and the Unicode Standard, section 3.13 (caseless matching)
 */
export function foldText(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  const bare = text.normalize("NFKD").replace(ACCENTS, "");
  return bare.toUpperCase().toLowerCase().replaceAll("ς", "σ").normalize("NFC");
}

/** A name without what separates its parts, so that `rip-grep`, `rip_grep` and `ripgrep` are alike. */
export function squash(folded: string): string {
  return folded.replace(SEPARATORS, "");
}

/**
 * The words of a text, folded; used both for the index and for queries, which match the beginnings of words. What is
 * written without spaces becomes each two characters that follow one another, and the last one, so that a part of it
 * is found wherever it begins.
 */
export function searchWords(text: string): readonly string[] {
  if (isAscii(text)) return text.toLowerCase().match(ASCII_WORD) ?? [];
  return (foldText(text).match(words()) ?? []).flatMap(splitUnspaced);
}

function splitUnspaced(word: string): readonly string[] {
  const parts: string[] = [];
  let end = 0;
  for (const { 0: run, index } of word.matchAll(unspaced())) {
    if (index > end) parts.push(word.slice(end, index));
    addAll(parts, pairs(run));
    end = index + run.length;
  }
  return end === word.length ? parts : [...parts, word.slice(end)];
}

function pairs(run: string): readonly string[] {
  const characters = [...run];
  return characters.map((character, index) => character + (characters[index + 1] ?? ""));
}
