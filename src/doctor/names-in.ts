import { readdirSync } from "node:fs";

/** What is in a directory; nothing where it is not there, or closed: that is told by itself. */
export function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
