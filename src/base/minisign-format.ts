/** The length of a key id, which follows the two bytes of the algorithm at the start of keys and signatures. */
export const KEY_ID_BYTES = 8;

/** minisign reads the untrusted comment into 1 KiB; a newline and a terminator have to fit as well. */
export const MAX_UNTRUSTED_LINE_BYTES = 1022;

/** minisign reads the trusted comment into 8 KiB; a newline and a terminator have to fit as well. */
export const MAX_TRUSTED_LINE_BYTES = 8190;

/** A key or a signature has at most four lines: this is more than their limits together. */
export const MAX_MINISIGN_FILE_BYTES = 16 * 1024;
