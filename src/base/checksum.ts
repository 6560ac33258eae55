/** The prime of FNV-1a in 32 bits, and where two of it begin. */
const PRIME = 0x01000193;
const BEGINNINGS = [0x811c9dc5, 0x9747b28c] as const;

/**
 * 16 hex digits that few texts share: for the name of a file that says itself which text it is for. Whoever chooses the text can choose
 * these too. A cryptographic hash takes as long to load as a short command takes for its work.
 *
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function checksumOf(text: string): string {
  return BEGINNINGS.map((beginning) => {
    let sum: number = beginning;
    for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), PRIME);
    return (sum >>> 0).toString(16).padStart(8, "0");
  }).join("");
}
