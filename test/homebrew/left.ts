import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Files and links below a directory, which may not exist; empty directories are nothing. */
export function leftIn(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();
}
