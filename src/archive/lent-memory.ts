/** Up to this size, in bytes, memory waits to be lent again. */
const MAX_SPARE_BYTES = 32 * 1024 * 1024;

let spare: Buffer | null = null;

/** Lends memory of at least so many bytes, which hold anything. What was lent before has not to be cleared, nor is it garbage. */
export function lendMemory(bytes: number): Buffer {
  const found = spare;
  if (found !== null && found.length >= bytes) {
    spare = null;
    return found;
  }
  // The system gives a page when it is first used: what is not needed now costs nothing.
  return Buffer.allocUnsafeSlow(bytes > MAX_SPARE_BYTES ? bytes : 2 ** Math.ceil(Math.log2(bytes)));
}

/** Takes memory back that was lent. */
export function giveMemoryBack(memory: Buffer): void {
  if (memory.length <= MAX_SPARE_BYTES && memory.length > (spare?.length ?? 0)) spare = memory;
}
