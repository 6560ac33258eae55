import { posix } from "node:path";
import { type G3Entry, validateG3 } from "../../generated/index-schema.js";
import type { HttpArtifact, PackageEntry, Provide } from "../../package/metadata.ts";
import { isSafeName } from "../../package/names.ts";
import { readCount, readFlag, readProvides, readText, readTexts, readUrls } from "../fields.ts";
import { describeSchemaError } from "../schema-error.ts";
import type { Decoded } from "./decoded.ts";

/** Decodes a third-generation entry, whose artifact is fetched from an address. */
export function decodeG3(value: unknown): Decoded {
  if (!validateG3(value)) return { kind: "skipped", reason: describeSchemaError(validateG3.errors) };
  if (!URL.canParse(value.download_url)) {
    return { kind: "skipped", reason: `download_url: "${value.download_url}" is not an address` };
  }
  return { kind: "entry", entry: entryOf(value) };
}

function entryOf(fields: G3Entry): PackageEntry {
  const files = (fields.files ?? []).map((file) => ({
    source: readText(file.source),
    to: file.to,
    aliases: readTexts(file.alias),
  }));
  return {
    name: fields.pkg_name,
    recipe: fields.pkg ?? fields.pkg_name,
    family: readText(fields.pkg_family),
    id: readText(fields.pkg_id),
    type: readText(fields.pkg_type),
    version: fields.version,
    host: readText(fields.host).toLowerCase(),
    libc: null,
    description: readText(fields.description),
    disabled: readFlag(fields._disabled, false),
    installable: readFlag(fields.installable, true),
    deprecated: readFlag(fields.deprecated, false),
    artifact: { kind: "http", url: fields.download_url, files },
    sizeBytes: readCount(fields.size),
    sha256: fields.shasum ?? null,
    blake3: fields.bsum ?? null,
    provides: [...readProvides(fields.provides), ...programsOf(files)],
    snapshots: [],
    homepages: readUrls(fields.homepage),
    sources: readUrls(fields.src_url),
    licenses: readTexts(fields.license),
    maintainers: readTexts(fields.maintainer),
    notes: readTexts(fields.note),
    categories: readTexts(fields.category),
    tags: readTexts(fields.tag),
    replaces: readTexts(fields.replaces),
    rank: readCount(fields.rank),
    downloads: readCount(fields.download_count),
    buildDate: fields.date ?? null,
  };
}

/** What is put into `bin/` can be run by its name there and by its aliases; names that cannot be links are left out. */
function programsOf(files: HttpArtifact["files"]): readonly Provide[] {
  return files
    .filter((file) => file.to.startsWith("bin/"))
    .map((file) => ({ program: posix.basename(file.to), aliases: file.aliases.map((alias) => posix.basename(alias)) }))
    .filter(({ program }) => isSafeName(program))
    .map(({ program, aliases }) => ({ program, links: [program, ...aliases.filter(isSafeName)] }));
}
