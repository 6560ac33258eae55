import type { V1Entry } from "../generated/index-schema.js";
import type { IndexHeader } from "../package/index-header.ts";
import { compareVersions } from "../package/version.ts";
import { formatTime } from "./header.ts";

/** The fields of an entry in the order in which they are written; others are left out. */
export const ENTRY_FIELDS = [
  "_disabled",
  "pkg",
  "pkg_name",
  "pkg_family",
  "pkg_id",
  "pkg_type",
  "version",
  "host",
  "libc",
  "description",
  "ghcr_pkg",
  "ghcr_blob",
  "ghcr_files",
  "ghcr_size_raw",
  "manifest_digest",
  "size_raw",
  "shasum",
  "bsum",
  "provides",
  "homepage",
  "src_url",
  "license",
  "maintainer",
  "note",
  "category",
  "tag",
  "replaces",
  "deprecated",
  "installable",
  "build_date",
  "rank",
  "download_count",
] as const satisfies readonly (keyof V1Entry)[];

/**
 * The document of an index: the same header and entries give the same bytes, whatever their order. An entry has a line
 * of its own, so that what changed between two indexes can be seen in any diff.
 */
export function formatDocument(header: IndexHeader, entries: readonly V1Entry[]): Buffer {
  const { repository, serial, issuedMs, expiresMs, keySets } = header;
  const members = JSON.stringify({
    format: 1,
    repository,
    serial,
    issued: formatTime(issuedMs),
    expires: formatTime(expiresMs),
    key_sets: keySets.map(({ version, threshold, keys, signatures }) => ({ version, threshold, keys, signatures })),
  });
  const lines = entries.toSorted(compareEntries).map((entry) => JSON.stringify(inOrder(entry)));
  return Buffer.from(`${members.slice(0, -1)},"packages":[\n${lines.join(",\n")}\n]}\n`);
}

function inOrder(entry: V1Entry): Readonly<Record<string, unknown>> {
  return Object.fromEntries(ENTRY_FIELDS.map((field) => [field, entry[field]]));
}

/** Orders entries by name, id, version with the newest first, platform and C library. */
export function compareEntries(a: V1Entry, b: V1Entry): number {
  return (
    compareText(a.pkg_name, b.pkg_name) ||
    compareText(a.pkg_id, b.pkg_id) ||
    compareVersions(b.version, a.version) ||
    compareText(a.host, b.host) ||
    compareText(a.libc ?? "", b.libc ?? "") ||
    compareText(a.pkg_type, b.pkg_type)
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
