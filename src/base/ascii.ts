/**
 * True for text that anybody can read as it is, as most text is. Asked before a regular expression with properties of Unicode,
 * such as `\p{Cf}`: to make one takes about a millisecond, so those are made in functions, not when a module is loaded.
 */
export function isPrintableAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
