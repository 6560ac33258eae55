import { posix } from "node:path";
import { isObject } from "../../base/json.ts";
import { hasUserInfo } from "../../base/user-info.ts";
import { type G3Entry, validateG3 } from "../../generated/index-schema.js";
import type { HttpLocation, PackageEntry, Provide } from "../../package/metadata.ts";
import { isSafeName } from "../../package/names.ts";
import { readCount, readText, readTexts } from "../fields.ts";
import { describeSchemaError } from "../schema-error.ts";
import { readCommonFields } from "./common-fields.ts";
import type { EntryFormat } from "./entry-format.ts";

/** The third generation, whose artifact is fetched from an address. */
export const G3: EntryFormat = {
  name: "g3",
  detects: (value, document) => {
    if (!isObject(value)) return document === "object";
    if (Object.hasOwn(value, "ghcr_pkg")) return false;
    return document === "object" || Object.hasOwn(value, "download_url");
  },
  decode: (value) => {
    if (!validateG3(value)) return { kind: "skipped", reason: describeSchemaError(validateG3.errors) };
    if (!URL.canParse(value.download_url)) {
      return { kind: "skipped", reason: `download_url: "${value.download_url}" is not an address` };
    }
    if (hasUserInfo(value.download_url)) {
      return { kind: "skipped", reason: "download_url: it holds a user name or a password" };
    }
    return { kind: "entry", entry: entryOf(value) };
  },
};

function entryOf(fields: G3Entry): PackageEntry {
  const files = (fields.files ?? []).map((file) => ({
    source: readText(file.source),
    to: file.to,
    aliases: readTexts(file.alias),
  }));
  const common = readCommonFields(fields);
  return {
    ...common,
    name: fields.pkg_name,
    recipe: fields.pkg ?? fields.pkg_name,
    version: fields.version,
    host: readText(fields.host).toLowerCase(),
    libc: null,
    artifact: { kind: "http", url: fields.download_url, files },
    sizeBytes: readCount(fields.size),
    provides: [...common.provides, ...programsOf(files, common.provides)],
    snapshots: [],
    buildDate: fields.date ?? null,
  };
}

/**
 * Files in `bin/` can be run by their names there, unless `provides` gives them other ones, and by their aliases. Names that
 * cannot be links are left out.
 */
function programsOf(files: HttpLocation["files"], provides: readonly Provide[]): readonly Provide[] {
  const isNamed = (name: string) => provides.some(({ program }) => program === name);
  return files
    .filter((file) => file.to.startsWith("bin/"))
    .map((file) => ({ program: nameAt(file), aliases: file.aliases.map((alias) => posix.basename(alias)) }))
    .filter(({ program }) => isSafeName(program))
    .map(({ program, aliases }) => ({
      program,
      links: [...(isNamed(program) ? [] : [program]), ...aliases.filter(isSafeName)],
    }))
    .filter(({ links }) => links.length > 0);
}

/** `bin/` is a place for a file of any name. */
function nameAt({ source, to }: HttpLocation["files"][number]): string {
  return posix.basename(to.endsWith("/") ? source : to);
}
