/** The main script of the executable. */
import { getRawAsset } from "node:sea";
import { startProgram } from "./boot.ts";

/** Put in by the build. */
declare const PROGRAM: {
  readonly entry: string;
  readonly scriptOf: Readonly<Record<string, string>>;
  readonly cached: readonly string[];
};

startProgram({
  ...PROGRAM,
  asset: (name) => (name.endsWith(".cache") && !PROGRAM.cached.includes(name) ? null : Buffer.from(getRawAsset(name))),
  require,
});
