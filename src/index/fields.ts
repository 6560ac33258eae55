import { hasUserInfo } from "../base/user-info.ts";
import type { Provide } from "../package/metadata.ts";
import { parseProvide } from "../package/provides.ts";

/** Longer addresses are left out. */
const MAX_URL_LENGTH = 2048;

/** A text field; absent and null count as empty. */
export function readText(value: string | null | undefined): string {
  return value ?? "";
}

/** A boolean, real or written as text; `fallback` when it is absent. */
export function readFlag(value: boolean | string | null | undefined, fallback: boolean): boolean {
  if (value === undefined || value === null) return fallback;
  return value === true || value === "true";
}

/** A whole number from 0 up that a double holds exactly, real or as text; null for anything else, `-1` included. */
export function readCount(value: number | string | null | undefined): number | null {
  const number = typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** A list of texts, or a single one; empty ones are left out. */
export function readTexts(value: string | readonly string[] | null | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return (typeof value === "string" ? [value] : value).filter((text) => text !== "");
}

/** The addresses that are well-formed, and hold no password; the others are left out. */
export function readUrls(value: string | readonly string[] | null | undefined): readonly string[] {
  return readTexts(value).filter(isWebAddress);
}

function isWebAddress(text: string): boolean {
  return (
    text.length <= MAX_URL_LENGTH &&
    /^https?:\/\/[^\s\p{Cc}\p{Cf}]+$/u.test(text) &&
    URL.canParse(text) &&
    !hasUserInfo(text)
  );
}

/** The lines of `provides` that can be read; the others are left out. */
export function readProvides(value: readonly string[] | null | undefined): readonly Provide[] {
  return (value ?? []).map(parseProvide).filter((provide) => provide !== null);
}
