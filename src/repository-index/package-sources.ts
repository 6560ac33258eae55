import { resolve } from "node:path";
import { addAll } from "../base/many.ts";
import { hasCode, PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { formatReference, isTag, parseReference, type Reference } from "../oci/reference.ts";
import { parsePublishFile } from "../package-format/decode-publication.ts";
import type { PackageReader } from "./package-reader.ts";

/** Where an index gets its packages from, as it was typed. */
export interface IndexSources {
  /** References of repositories, of single versions with a tag, or paths of `pkg.json` manifests. */
  readonly named: readonly string[];
  /** `REGISTRY[/PATH]` each: every repository below it. */
  readonly prefixes: readonly string[];
  /** Repositories to leave out, as references. */
  readonly without: readonly string[];
  /** Where relative paths begin. */
  readonly directory: string;
}

/** A repository whose versions are to be in the index: all of them, or one. */
export interface RepositorySource {
  /** Without tag and digest. */
  readonly repository: Reference;
  /** Null: every version. */
  readonly tag: string | null;
  /** False for what was found below a prefix, where there may be anything. */
  readonly isNamed: boolean;
}

const MAX_MANIFEST_BYTES = 1024 * 1024;

/** Registries that do not list their repositories. */
const WITHOUT_CATALOG: readonly string[] = ["ghcr.io", "docker.io", "registry-1.docker.io", "quay.io"];

/**
 * Every repository that was named, each once, in the order typed.
 *
 * @throws {PkgError} REFERENCE_INVALID, PUBLISH_INVALID, USAGE for a registry that lists no repositories; those of the network
 */
export async function findPackageSources(
  { named, prefixes, without, directory }: IndexSources,
  reader: Pick<PackageReader, "listRepositories">,
): Promise<readonly RepositorySource[]> {
  const excluded = without.map(repositoryReference);
  const sources = named.map((text) => readNamed(text, directory));
  for (const prefix of prefixes) addAll(sources, await readPrefix(prefix, reader));
  return withoutRepeats(sources).filter(({ repository }) => !excluded.includes(formatReference(repository)));
}

/** The repository of a reference, as text. @throws {PkgError} REFERENCE_INVALID */
export function repositoryReference(reference: string): string {
  return formatReference({ ...parseReference(reference), tag: null, digest: null });
}

/** Each source once; no single version of a repository that is named as a whole. */
function withoutRepeats(sources: readonly RepositorySource[]): readonly RepositorySource[] {
  const found = new Map<string, RepositorySource>();
  for (const source of sources.toSorted((a, b) => Number(a.tag !== null) - Number(b.tag !== null))) {
    const whole = formatReference(source.repository);
    const key = `${whole}:${source.tag ?? ""}`;
    if (!found.has(`${whole}:`) && !found.has(key)) found.set(key, source);
  }
  return [...found.values()];
}

function readNamed(text: string, directory: string): RepositorySource {
  const reference = text.endsWith(".json") ? manifestReference(resolve(directory, text)) : text;
  const { tag, digest, ...place } = parseReference(reference);
  if (digest !== null) {
    throw new PkgError(
      "REFERENCE_INVALID",
      `Cannot index "${text}": it names a digest, expected a package such as ghcr.io/me/tools/trurl, or a version of it by its tag`,
      {
        hint: `Leave out "@${digest}"`,
      },
    );
  }
  return { repository: { ...place, tag: null, digest: null }, tag, isNamed: true };
}

/** The one field that `pkg.json` must have here: flags can give all others when it is published. */
function manifestReference(path: string): string {
  const { reference } = parsePublishFile(readManifest(path), path);
  if (typeof reference === "string") return reference;
  throw new PkgError("PUBLISH_INVALID", `Cannot index what "${path}" publishes: it has no "reference"`, {
    hint: "Name the package itself, e.g. ghcr.io/owner/tools/trurl",
  });
}

function readManifest(path: string): Buffer {
  try {
    return readLocalFileSync(path, { maxBytes: MAX_MANIFEST_BYTES });
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
}

async function readPrefix(
  text: string,
  reader: Pick<PackageReader, "listRepositories">,
): Promise<readonly RepositorySource[]> {
  const [registry = "", ...path] = text.replace(/\/+$/, "").split("/");
  const prefix = path.join("/");
  if (WITHOUT_CATALOG.includes(registry.toLowerCase())) throw unlisted(text, undefined);
  const repositories = await reader.listRepositories(registry).catch((error: unknown) => {
    throw hasCode(error, "HTTP_NOT_FOUND", "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN", "HTTP_UNEXPECTED")
      ? unlisted(text, error)
      : error;
  });
  const found = repositories.filter((name) => prefix === "" || name === prefix || name.startsWith(`${prefix}/`));
  if (found.length === 0) {
    throw new PkgError("PACKAGE_NOT_FOUND", `Cannot index "${text}": "${registry}" lists no package below it`, {
      hint: `Run \`pkg oci catalog ${registry}\` to see what it lists`,
    });
  }
  return found.map((name) => ({
    repository: { registry: registry.toLowerCase(), name, tag: null, digest: null },
    tag: null,
    isNamed: false,
  }));
}

function unlisted(prefix: string, cause: PkgError | undefined): PkgError {
  const [registry] = prefix.split("/");
  const why = cause === undefined ? "it does not list what it holds" : cause.message;
  return new PkgError("USAGE", `Cannot find what "${registry}" holds under "${prefix}": ${why}`, {
    hint: `Name the packages instead: ${prefix}/NAME ${prefix}/OTHER, or the pkg.json files they were published from`,
    cause,
  });
}

/** True for a tag that may name a version: not for `latest`, and not for tags of single hosts and of referrers. */
export function mayBeVersion(tag: string, tags: ReadonlySet<string>): boolean {
  if (!isTag(tag) || tag === "latest" || /^sha(?:256|512)-[0-9a-f]{64}/.test(tag)) return false;
  const version = /^(.+)-[A-Za-z0-9_]+-linux(?:-[a-z]+)?$/.exec(tag)?.[1];
  return version === undefined || !tags.has(version);
}
