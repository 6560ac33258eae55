import { randomBytes } from "node:crypto";

/** 12 random lower-case hex digits, for the name of a file that nobody else may have chosen. */
export function randomName(): string {
  return randomBytes(6).toString("hex");
}
