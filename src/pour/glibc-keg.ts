/**
 * True for a keg of glibc. It is not patched, or it would not find itself; and it is not linked, or programs would load it with
 * this machine's dynamic linker, which only fits this machine's own.
 */
export function isGlibc(formula: string): boolean {
  return /^glibc(?:@|$)/.test(formula);
}
