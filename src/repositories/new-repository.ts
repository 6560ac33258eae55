import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { givenWith } from "../base/given-with.ts";
import type { Config } from "../config/config.ts";
import type { RepositoryKind } from "../config/defaults.ts";
import type { WrittenRepository } from "../config/file.ts";
import { isFormulaKey } from "../config/formula-keys.ts";
import { indexUrlOf } from "../config/index-address.ts";
import { checkRepositoryName, checkRepositoryUrl } from "../config/repository-rules.ts";
import { PkgError } from "../errors.ts";
import { streamFile } from "../fs/read-file.ts";
import { openContainer } from "../index/container.ts";
import { readElements } from "../index/elements.ts";
import { decodeHeader, isVersionedHeader } from "../index/header.ts";
import { INDEX_LIMITS } from "../index/read-index.ts";
import { formatLocation, type Location } from "../oci/location.ts";
import type { IndexHeader } from "../package/index-header.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import type { FetchedIndex } from "./fetched-index.ts";
import { findOrNull } from "./repositories.ts";
import { looksLike, repositoryName } from "./repository-name.ts";

export interface AddRepositoryRequest {
  /** Null: derived from what the index calls itself. */
  readonly name: string | null;
  /** As typed: an address, a reference such as `ghcr.io/me/index`, a layout, a file, a directory. */
  readonly place: string;
  /** The directory that relative paths are relative to. */
  readonly directory: string;
  /** What is there. */
  readonly kind: RepositoryKind;
  /** minisign public keys, or those of formulae. */
  readonly keys: readonly string[];
  /** How many of them have to sign; null: one. */
  readonly threshold: number | null;
  /** The keys sign only its packages: an index of an older form may be unsigned. */
  readonly unsignedIndex: boolean;
  /** The bundle that its index is read from; absent: its own address. */
  readonly bundle?: Location;
  /** Whether its index may have expired, as a person says who installs from a bundle; default: it may not. */
  readonly allowStale?: boolean;
  /** Whether it is read from there from then on; default: it is not. */
  readonly keepsBundle?: boolean;
}

/** What is written into its table in the config file. */
export type NewRepository = Required<Pick<WrittenRepository, "url">> &
  Pick<WrittenRepository, "kind" | "keys" | "threshold" | "signed_index" | "bundle">;

/** Checks what was typed for a new repository. @throws {PkgError} USAGE, KEY_INVALID, REFERENCE_INVALID */
export function parseNewRepository(request: AddRepositoryRequest): NewRepository {
  const { place, directory } = request;
  const isWord = !/[/:]/.test(place);
  if (isWord && !existsSync(resolve(directory, place))) {
    throw new PkgError("USAGE", `Cannot add a repository: the URL is missing, found only "${place}"`, {
      hint: "Type pkg repo add NAME URL, or pkg repo add ghcr.io/owner/index",
    });
  }
  const url = place.includes("://") ? withPlainScheme(place) : indexUrlOf(place, directory);
  checkRepositoryUrl(url, request.kind, "USAGE");
  const written = request.kind === "homebrew" ? newFormulae(request, url) : newIndex(request, url);
  const { bundle, keepsBundle = false } = request;
  if (bundle === undefined || !keepsBundle) return written;
  return { ...written, bundle: bundle.kind === "registry" ? formatLocation(bundle) : bundle.path };
}

/** Formulae do not say what they are called, and one of their keys signs all of them. */
function newFormulae({ name, keys, threshold, unsignedIndex }: AddRepositoryRequest, url: string): NewRepository {
  const meaningless = threshold !== null ? "--threshold" : unsignedIndex ? "--unsigned-index" : null;
  if (meaningless !== null) {
    throw new PkgError(
      "USAGE",
      `Cannot use ${meaningless} with --kind homebrew: one of its keys signs the whole index`,
      {
        hint: `Leave out ${meaningless}`,
      },
    );
  }
  if (name === null) {
    throw new PkgError("USAGE", `Cannot add "${url}": formulae do not say what their repository is called`, {
      hint: `Give it a name: pkg repo add NAME ${url} --kind homebrew`,
    });
  }
  return { kind: "homebrew", url, ...(keys.length > 0 ? { keys: [...keys] } : {}) };
}

function newIndex({ keys, threshold, unsignedIndex }: AddRepositoryRequest, url: string): NewRepository {
  if (keys.some(isFormulaKey)) {
    throw new PkgError("USAGE", "Cannot use --key: it is a key of formulae, expected a minisign key", {
      hint: "Add --kind homebrew, or give a key that begins with RW",
    });
  }
  const parsed = keys.map((key) => givenWith("--key", () => parsePublicKey(key).text));
  if (threshold !== null && (!Number.isInteger(threshold) || threshold < 1 || threshold > new Set(parsed).size)) {
    throw new PkgError(
      "USAGE",
      `Cannot use --threshold: it is ${threshold}, expected a whole number from 1 to ${parsed.length}, the number of keys`,
      { hint: "Name each key with --key RW…" },
    );
  }
  return {
    url,
    ...(parsed.length > 0 ? { keys: parsed } : {}),
    ...(threshold === null ? {} : { threshold }),
    ...(unsignedIndex ? { signed_index: false } : {}),
  };
}

/** The config has schemes in lower case only. */
function withPlainScheme(url: string): string {
  return url.replace(/^[A-Z]+(?=:\/\/)/i, (scheme) => scheme.toLowerCase());
}

/** Checks that a repository may have this name. @throws {PkgError} USAGE for an invalid name, REPOSITORY_EXISTS */
export function checkFree(config: Config, name: string): void {
  checkRepositoryName(name, "USAGE");
  if (findOrNull(config, name) === null) return;
  throw new PkgError("REPOSITORY_EXISTS", `Cannot add "${name}": a repository of that name is configured`, {
    hint: `Run \`pkg repo remove ${name}\` first, or choose another name with --name`,
  });
}

/**
 * Derives a repository's name from what a fetched index calls itself. The download is removed if that is not possible.
 *
 * @throws {PkgError} USAGE, REPOSITORY_EXISTS; INDEX_INVALID, INDEX_TOO_LARGE
 */
export async function nameFrom(
  config: Config,
  { download }: FetchedIndex,
  { url, bundle }: { readonly url: string; readonly bundle: Location | undefined },
): Promise<string> {
  const from = bundle === undefined ? null : bundle.kind === "registry" ? formatLocation(bundle) : bundle.path;
  try {
    const header = await readHeader(download.path);
    if (header === null) {
      throw new PkgError("USAGE", `Cannot add "${url}": its index does not say what it is called`, {
        hint:
          from === null
            ? `Give it a name: pkg repo add NAME ${url}`
            : `Give it a name: \`pkg repo add ${from} --name NAME\``,
      });
    }
    const name = repositoryName(header.repository);
    checkFree(config, name);
    checkUnlike(config, name, url);
    return name;
  } catch (error) {
    download.remove();
    throw error;
  }
}

/** A name that the index chose must not pass for another repository's. @throws {PkgError} REPOSITORY_EXISTS */
function checkUnlike({ repositories }: Config, name: string, url: string): void {
  const other = repositories.find((known) => looksLike(known.name, name));
  if (other === undefined) return;
  throw new PkgError(
    "REPOSITORY_EXISTS",
    `Cannot add "${url}": its index calls itself "${name}", which looks like "${other.name}", a repository that is configured`,
    { hint: "Choose its name yourself with --name" },
  );
}

/** What an index says about itself; null for one of an older version. None of it is verified. */
async function readHeader(path: string): Promise<IndexHeader | null> {
  for await (const parts of readElements(openContainer(streamFile(path), INDEX_LIMITS), INDEX_LIMITS)) {
    for (const part of parts) {
      return part.kind === "header" && isVersionedHeader(part.header) ? decodeHeader(part.header) : null;
    }
  }
  return null;
}
