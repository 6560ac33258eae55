import { PkgError } from "../errors.ts";
import { validateIndexHeader } from "../generated/index-schema.js";
import type { IndexHeader } from "../package/index-header.ts";
import { describeSchemaError } from "./schema-error.ts";

const MARKS = ["serial", "repository", "key_sets"] as const;

/** True when the members of a document's header say that it is of the first version. */
export function isVersionedHeader(members: Readonly<Record<string, unknown>>): boolean {
  return MARKS.some((mark) => Object.hasOwn(members, mark));
}

/** Decodes a v1 header. @throws {PkgError} INDEX_INVALID: without its header, nothing in the index can be trusted */
export function decodeHeader(members: Readonly<Record<string, unknown>>): IndexHeader {
  const value: unknown = { ...members };
  if (!validateIndexHeader(value)) throw invalid(`its header: ${describeSchemaError(validateIndexHeader.errors)}`);
  const issuedMs = readTime(value.issued, "issued");
  const expiresMs = readTime(value.expires, "expires");
  if (expiresMs <= issuedMs) throw invalid(`it expires at ${value.expires}, not after it was issued, ${value.issued}`);
  return { repository: value.repository, serial: value.serial, issuedMs, expiresMs, keySets: value.key_sets };
}

/** Parses a time strictly: `2025-02-31` looks like a day but is not one. */
function readTime(text: string, field: string): number {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms) && formatTime(ms) === text) return ms;
  throw invalid(`its header: ${field}: "${text}" is not a point in time`);
}

/** A moment as the formats write it: UTC, to the second. */
export function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -".000Z".length)}Z`;
}

function invalid(reason: string): PkgError {
  return new PkgError("INDEX_INVALID", `Cannot read the index: ${reason}`);
}
