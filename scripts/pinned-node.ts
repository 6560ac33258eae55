import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import recorded from "./node-binaries.json" with { type: "json" };

/** A platform and its processor, as Node names them, e.g. `linux-x64`. */
export interface NodePlatform {
  readonly platform: string;
  readonly arch: string;
}

/**
 * Reads the Node that is to be embedded, and compares it with the SHA-256 that `node-binaries.json` records for the
 * platform: the program is this very file, so it must be the one that was looked at, whichever way it came here.
 *
 * @param path the executable
 * @throws {Error} when it is another one, or none is recorded
 */
export function readPinnedNode(path: string, { platform, arch }: NodePlatform): Buffer {
  const bytes = readFileSync(path);
  const expected: string | undefined = new Map(Object.entries(recorded.sha256)).get(`${platform}-${arch}`);
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found === expected) return bytes;
  throw new Error(
    expected === undefined
      ? `Cannot build: scripts/node-binaries.json records no Node for ${platform}-${arch}; that of "${path}" has SHA-256 ${found}`
      : `Cannot build: "${path}" has SHA-256 ${found}, expected ${expected}, Node ${recorded.version}. Run npm ci, then node_modules/.bin/node scripts/build.ts`,
  );
}
