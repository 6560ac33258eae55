/** The main script of the executable. */
import { getRawAsset } from "node:sea";
import { startProgram } from "./boot.ts";

/** Put in by the build. */
declare const PROGRAM: { readonly entry: string; readonly first: string; readonly cached: readonly string[] };

startProgram({
  ...PROGRAM,
  // A command that few chunks are wanted for that its like do not need should not read all that is beside these.
  alone: 2,
  asset: (name) => (name.endsWith(".cache") && !PROGRAM.cached.includes(name) ? null : Buffer.from(getRawAsset(name))),
  require,
});
