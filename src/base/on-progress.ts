/**
 * Called with the bytes of a transfer that are held so far, and how many of them an earlier run left. After a failure that
 * keeps nothing for the next run, it is called with 0.
 */
export type OnProgress = (bytes: number, resumedBytes?: number) => void;
