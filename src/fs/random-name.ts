import { randomBytes } from "./random-bytes.ts";

/** 16 random lower-case hex digits (64 bits), for the name of a file that nobody else may have chosen, or can guess. */
export function randomName(): string {
  return randomBytes(8).toString("hex");
}
