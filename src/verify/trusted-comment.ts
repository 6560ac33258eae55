import { decodeUtf8 } from "../base/utf8.ts";
/** What a trusted comment says, or why it cannot be used. */
export type TrustedComment =
  | {
      readonly kind: "comment";
      readonly text: string;
      /** From `file:NAME`; null when it names none. */
      readonly fileName: string | null;
      /** From `timestamp:SECONDS`, in ms since the epoch; null when it states no time. */
      readonly signedAtMs: number | null;
    }
  | { readonly kind: "unusable"; readonly problem: string };

/** Control and formatting characters could make one comment look like another. */
const isUnprintable = (text: string) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/u.test(text);

/** Reads a comment whose global signature has been verified: printable UTF-8, fields separated by tabs. */
export function readTrustedComment(bytes: Uint8Array): TrustedComment {
  const text = decodeUtf8(bytes);
  if (text === null) return unusable("its trusted comment is not UTF-8");
  if (isUnprintable(text.replaceAll("\t", " "))) {
    return unusable("its trusted comment holds characters that cannot be printed");
  }
  const fields = text.split("\t");
  const names = fields.filter((field) => field.startsWith("file:"));
  if (names.length > 1) return unusable(`its trusted comment names ${names.length} files, expected one`);
  return { kind: "comment", text, fileName: names[0]?.slice("file:".length) ?? null, signedAtMs: timeIn(fields) };
}

/** Null also for a comment that states several: it could be read in two ways. */
function timeIn(fields: readonly string[]): number | null {
  const times = fields.flatMap((field) => /^timestamp:(\d{1,12})$/.exec(field)?.[1] ?? []);
  return times.length === 1 ? Number(times[0]) * 1000 : null;
}

function unusable(problem: string): TrustedComment {
  return { kind: "unusable", problem };
}
