import { DAY_MS } from "../base/duration.ts";
import type { V1Entry } from "../generated/index-schema.js";
import { parseReference } from "../oci/reference.ts";
import type { IndexHeader } from "../package/index-header.ts";
import { licenseProblem } from "../package/license.ts";
import { isSafeName } from "../package/names.ts";
import { protectedReason } from "../package/protected-names.ts";
import { parseProvide } from "../package/provides.ts";
import { entryName } from "./diff.ts";
import { formatTime } from "./header.ts";
import type { IndexDocument } from "./read-document.ts";

/** Something that is wrong with an index, or may be. */
export interface Finding {
  /** An error keeps somebody from using the index, or one of its packages; a warning does not. */
  readonly level: "error" | "warning";
  /** What kind it is, for programs. */
  readonly rule: string;
  /** The package, and what tells it apart from others; null: the index itself. */
  readonly subject: string | null;
  readonly message: string;
}

/** A publisher who renews once a week has this long to notice that it no longer works. */
const NEAR_DAYS = 7;

/** Everything that the document alone shows. */
export function lintDocument({ header, entries, skipped }: IndexDocument, now: number): readonly Finding[] {
  return [
    ...lintHeader(header, now),
    ...skipped.map((reason) => error("entry", null, `${reason}; nobody can use it`)),
    ...entries.flatMap(lintEntry),
    ...findCollisions(entries),
  ];
}

function lintHeader({ issuedMs, expiresMs }: IndexHeader, now: number): readonly Finding[] {
  const findings: Finding[] = [];
  if (expiresMs <= now) findings.push(error("expiry", null, `it expired at ${formatTime(expiresMs)}`));
  else if (expiresMs - now < NEAR_DAYS * DAY_MS) {
    findings.push(warning("expiry", null, `it expires at ${formatTime(expiresMs)}; renew it before that`));
  }
  if (issuedMs > now)
    findings.push(error("expiry", null, `it was issued at ${formatTime(issuedMs)}, which is in the future`));
  return findings;
}

/** The entry as a message names it: `trurl 8.14.1 x86_64-linux musl`. */
export function describeEntry(entry: V1Entry): string {
  const { name, version, host, libc } = entryName(entry);
  return [name, version, host, ...(libc === null ? [] : [libc])].join(" ");
}

function lintEntry(entry: V1Entry): readonly Finding[] {
  const subject = describeEntry(entry);
  return [
    ...lintPlace(entry).map((message) => error("reference", subject, message)),
    ...lintNames(entry).map((message) => error("name", subject, message)),
    ...lintProtected(entry).map((message) => warning("protected name", subject, message)),
    ...lintWords(entry).map(([rule, message]) => warning(rule, subject, message)),
  ];
}

function lintPlace({ ghcr_pkg, ghcr_blob, manifest_digest }: V1Entry): readonly string[] {
  const { registry, name, tag } = parseReference(ghcr_pkg);
  const [blobPlace] = ghcr_blob.split("@");
  return [
    ...(tag === null ? [`ghcr_pkg is "${ghcr_pkg}", expected a tag`] : []),
    ...(blobPlace === `${registry}/${name}` ? [] : [`ghcr_blob is in "${blobPlace}", expected "${registry}/${name}"`]),
    ...(manifest_digest === undefined ? ["it has no manifest_digest, and a tag alone can be moved"] : []),
  ];
}

function lintNames({ pkg_name, provides }: V1Entry): readonly string[] {
  return [
    ...(isSafeName(pkg_name) ? [] : [`its name "${pkg_name}" cannot be installed`]),
    ...provides.filter((line) => parseProvide(line) === null).map((line) => `provides "${line}", which cannot be read`),
  ];
}

/** Findings for the names that are placed only if the person who installs the package agrees. */
function lintProtected({ provides }: V1Entry): readonly string[] {
  const links = provides.flatMap((line) => parseProvide(line)?.links ?? []);
  return [...new Set(links)].flatMap((link) => {
    const reason = protectedReason(link);
    return reason === null ? [] : [`it provides "${link}", which ${reason}: people are asked before they get it`];
  });
}

function lintWords(entry: V1Entry): readonly (readonly [rule: string, message: string])[] {
  const { license = [], description, provides, ghcr_files, ghcr_size_raw } = entry;
  return [
    ...(license.length === 0 ? [["license", "it has no licence"] as const] : []),
    ...license.flatMap((text) => lintLicense(text)),
    ...(description ? [] : [["description", "it has no description, and is hard to find"] as const]),
    ...(provides.length === 0 ? [["provides", "it provides no program"] as const] : []),
    ...(ghcr_files === undefined || ghcr_size_raw === undefined
      ? [["files", "it does not say which files it has and how large they are"] as const]
      : []),
  ];
}

function lintLicense(text: string): readonly (readonly [string, string])[] {
  const found = licenseProblem(text);
  if (found === null) return [];
  const suggestion = found.suggestion === null ? "" : `; is it ${found.suggestion}?`;
  return [["license", `its licence is "${text}", ${found.problem}${suggestion}`]];
}

/** Names that several packages have, so that a person would have to choose. */
function findCollisions(entries: readonly V1Entry[]): readonly Finding[] {
  const names = groupIds(entries, ({ pkg_name }) => [pkg_name]);
  const programs = groupIds(entries, ({ provides }) => provides.flatMap((line) => parseProvide(line)?.links ?? []));
  return [
    ...names.map(([name, ids]) =>
      warning("name collision", name, `it is the name of ${ids.length} packages: ${ids.join(", ")}`),
    ),
    ...programs.map(([name, ids]) =>
      warning("program collision", name, `it is provided by ${ids.length} packages: ${ids.join(", ")}`),
    ),
  ];
}

/** The words that packages with different ids share, with those ids. */
function groupIds(
  entries: readonly V1Entry[],
  wordsOf: (entry: V1Entry) => readonly string[],
): readonly (readonly [string, readonly string[]])[] {
  const groups = new Map<string, Set<string>>();
  for (const entry of entries) {
    for (const word of wordsOf(entry)) {
      const ids = groups.get(word) ?? new Set();
      groups.set(word, ids.add(entry.pkg_id));
    }
  }
  return [...groups].filter(([, ids]) => ids.size > 1).map(([word, ids]) => [word, [...ids].sort()] as const);
}

/** A finding that makes an index unusable for somebody. `subject` is the entry; null: the index. */
export function error(rule: string, subject: string | null, message: string): Finding {
  return { level: "error", rule, subject, message };
}

/** A finding that is worth a look. `subject` is the entry; null: the index. */
export function warning(rule: string, subject: string | null, message: string): Finding {
  return { level: "warning", rule, subject, message };
}
