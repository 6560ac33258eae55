import { dirname, resolve } from "node:path";
import { byteCount } from "../base/format-bytes.ts";
import type { JsonObject } from "../base/json.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { formatPlatform } from "../oci/platform.ts";
import type { Publication } from "../package/publication.ts";
import { spelled } from "../package/version.ts";
import { platformOf } from "../package-format/check-program.ts";
import { decodePublication, parsePublishFile } from "../package-format/decode-publication.ts";
import { readFacts } from "../programs/program-facts.ts";
import { checkNamedVersion, withNamedVersion } from "./named-version.ts";

/** The parts of a publication that a person typed; null, or an empty list, for those that come from `pkg.json`. */
export interface TypedPublication {
  readonly reference: string | null;
  readonly name: string | null;
  readonly version: string | null;
  readonly license: string | null;
  readonly description: string | null;
  readonly homepage: string | null;
  readonly source: string | null;
  readonly family: string | null;
  readonly id: string | null;
  /** `FILE[@os/arch[/variant][/libc]]` each. */
  readonly files: readonly string[];
  readonly documents: readonly string[];
  readonly provides: readonly string[];
}

/** Where to read what is to be published. */
export interface PublicationRequest {
  readonly typed: TypedPublication;
  /** The path of `pkg.json`; null: the one in `directory` when no reference is typed, else none. */
  readonly manifest: string | null;
  /** Where relative paths begin. */
  readonly directory: string;
}

const DEFAULT_MANIFEST = "pkg.json";
const MAX_PKG_JSON_BYTES = 1024 * 1024;
const LIBCS: readonly string[] = ["glibc", "musl", "static"];

/**
 * Reads what is to be published: from what was typed, and `pkg.json` for the rest.
 *
 * @throws {PkgError} PUBLISH_INVALID; USAGE when neither says what to publish; FILE_SYSTEM, PERMISSION_DENIED
 */
export async function readPublication({ manifest, directory, ...request }: PublicationRequest): Promise<Publication> {
  const typed = withNamedVersion(request.typed);
  const written = manifest ?? (typed.reference === null ? DEFAULT_MANIFEST : null);
  const path = written === null ? null : resolve(directory, written);
  const file =
    written === null || path === null
      ? {}
      : readManifest(path, { shown: written, isAsked: manifest !== null, version: typed.version });
  checkNamedVersion(request.typed.reference, file, written ?? DEFAULT_MANIFEST);
  const flags = await typedFields(typed, directory);
  const base = path === null ? directory : dirname(path);
  return decodePublication({
    fields: { ...file, ...flags },
    name: written ?? typed.reference ?? "what is typed",
    filesIn: typed.files.length > 0 ? directory : base,
    documentsIn: typed.documents.length > 0 ? directory : base,
  });
}

function readManifest(
  path: string,
  { shown, isAsked, version }: { readonly shown: string; readonly isAsked: boolean; readonly version: string | null },
): JsonObject {
  try {
    const tooLarge = (bytes: number) =>
      new PkgError(
        "PUBLISH_INVALID",
        `Cannot publish "${shown}": it has ${byteCount(bytes)}, expected at most ${MAX_PKG_JSON_BYTES}`,
      );
    return parsePublishFile(readLocalFileSync(path, { maxBytes: MAX_PKG_JSON_BYTES, tooLarge }), shown);
  } catch (error) {
    if (systemCode(error) === "ENOENT" && !isAsked) throw nothingToPublish(version, error);
    throw fileSystemError(error, `read "${shown}"`);
  }
}

function nothingToPublish(version: string | null, cause: unknown): PkgError {
  const problem = version === null ? "nothing is named" : `version "${version}" is of nothing that is named`;
  const example = version === null ? "8.14.1" : spelled(version);
  return new PkgError("USAGE", `Cannot publish: ${problem}, and there is no "${DEFAULT_MANIFEST}" here`, {
    hint: `Run \`pkg init\`, or \`pkg publish ghcr.io/me/tools/trurl:${example} --file dist/trurl@linux/amd64\``,
    cause,
  });
}

/** The fields that were typed, which override those of `pkg.json`. */
async function typedFields(typed: TypedPublication, directory: string): Promise<JsonObject> {
  const { files, documents, provides, ...texts } = typed;
  const written = Object.entries(texts).filter(([, text]) => text !== null);
  return {
    ...Object.fromEntries(written),
    ...(files.length === 0 ? {} : { files: await Promise.all(files.map((text) => typedFile(text, directory))) }),
    ...(documents.length === 0 ? {} : { documents }),
    ...(provides.length === 0 ? {} : { provides }),
  };
}

/**
 * Parses `FILE[@os/arch[/variant][/libc]]` into an entry of `files`. Without a platform, it is read from the program.
 *
 * @throws {PkgError} PUBLISH_INVALID when the program does not say
 */
export async function typedFile(text: string, directory: string): Promise<JsonObject> {
  const at = text.lastIndexOf("@");
  // A path may hold an "@" too: only what looks like a platform is one.
  if (at <= 0 || !/^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9]+){0,2}$/.test(text.slice(at + 1))) {
    return { path: text, platform: await ownPlatform(text, directory) };
  }
  const words = text.slice(at + 1).split("/");
  const last = words.at(-1) ?? "";
  const libc = words.length > 2 && LIBCS.includes(last) ? last : null;
  const platform = (libc === null ? words : words.slice(0, -1)).join("/");
  return { path: text.slice(0, at), platform, ...(libc === null ? {} : { libc }) };
}

async function ownPlatform(path: string, directory: string): Promise<string> {
  const facts = await readFacts(resolve(directory, path));
  if (facts?.kind === "elf" && facts.isProgram) return formatPlatform(platformOf(facts));
  const what =
    facts === null ? "it is a directory" : facts.kind === "script" ? "it is a script" : "it is not a program";
  throw new PkgError("PUBLISH_INVALID", `Cannot tell what platform "${path}" is for: ${what}`, {
    hint: `Write it after the file: --file ${path}@linux/amd64`,
  });
}
