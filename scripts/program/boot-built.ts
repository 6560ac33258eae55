/** The main script of the executable. */
import { getRawAsset } from "node:sea";
import { startProgram } from "./boot.ts";

/** Put in by the build. */
declare const PROGRAM: { readonly entry: string; readonly first: string; readonly cached: readonly string[] };

startProgram({
  ...PROGRAM,
  // What is seldom used is in one large script.
  alone: true,
  asset: (name) => (name.endsWith(".cache") && !PROGRAM.cached.includes(name) ? null : Buffer.from(getRawAsset(name))),
  require,
});
