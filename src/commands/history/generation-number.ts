import { PkgError } from "../../errors.ts";

/** What was typed as the number of a generation; null: nothing was. @throws {PkgError} USAGE */
export function generationNumber(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new PkgError("USAGE", `Cannot read generation "${text}": it is not a number`, {
    hint: "Run `pkg history` to see the numbers",
  });
}
