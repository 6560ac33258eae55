import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { BundledIndex } from "../bundle-format/table.ts";
import { parseIndexUrl } from "../config/index-address.ts";
import { isSameAddress } from "../config/same-address.ts";
import { PkgError } from "../errors.ts";
import { INDEX_FILE_NAMES } from "../index/index-artifact.ts";
import { type OpenedBundle, openBundle } from "../network/opened-bundle.ts";
import type { LayoutLocation, Location } from "../oci/location.ts";
import { fetchFrom } from "./fetch-index-place.ts";
import {
  type BundledIndexRequest,
  type FetchedIndex,
  type FetchIndexRequest,
  type IndexReader,
  signedNames,
} from "./fetched-index.ts";

/**
 * Fetches the index of a repository from a bundle, where it is as it was signed. Who had to sign it, and which one is too old,
 * is decided as for any other.
 *
 * @throws {PkgError} INDEX_MISSING when the bundle has none for it; as openBundle
 */
export async function fetchBundledIndex(
  reader: IndexReader,
  request: FetchIndexRequest,
  wanted: BundledIndexRequest,
): Promise<FetchedIndex | null> {
  const bundle = await openBundle(reader, wanted.location).catch((error: unknown) => {
    throw isGone(error, wanted.location) ? gone(request.task, wanted.location, error) : error;
  });
  try {
    const found = bundledIndex(bundle, wanted);
    if (found === null) throw noIndex(bundle, request.task, wanted);
    const fetched = await fetchFrom(reader, request, { place: bundle.place, key: found.manifest });
    if (fetched === null) return null;
    const named = { ...fetched, fileNames: namesOf(wanted.url) };
    // Of the names that it may have, so that no bundle makes up another.
    const file = request.files?.find((candidate) => candidate === found.file);
    return file === undefined ? named : { ...named, file };
  } finally {
    await bundle.close();
  }
}

function isGone(error: unknown, location: Location): location is LayoutLocation {
  return error instanceof PkgError && location.kind !== "registry" && !existsSync(location.path);
}

function gone(task: string, { path }: LayoutLocation, cause: unknown): PkgError {
  return new PkgError("INDEX_MISSING", `Cannot ${task}: its bundle "${path}" is not there`, {
    hint: "If it was moved, run `pkg repo add` with where it is now; to use the network again, remove `bundle` from the repository's table in config.toml",
    cause,
  });
}

function bundledIndex({ table }: OpenedBundle, { url, kind, platform }: BundledIndexRequest): BundledIndex | null {
  const own = table.indexes.filter((index) => index.kind === kind && isSameAddress(index.url, url));
  return own.find((index) => index.platform === platform) ?? null;
}

/** What a signature may call the index: the file at its own address, whatever the bundle says. */
function namesOf(url: string): readonly string[] {
  const address = parseIndexUrl(url);
  if (address.kind === "place") return INDEX_FILE_NAMES;
  const path = address.kind === "file" ? address.path : address.url.pathname;
  return path.endsWith("/") ? INDEX_FILE_NAMES : signedNames(decoded(basename(path)));
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function noIndex({ name, table }: OpenedBundle, task: string, { url, platform }: BundledIndexRequest): PkgError {
  const platforms = [
    ...new Set(table.indexes.filter((index) => isSameAddress(index.url, url)).map((index) => index.platform)),
  ];
  const found = platforms.length === 0 ? "nothing of it" : `it for ${platforms.join(" and ")}`;
  return new PkgError(
    "INDEX_MISSING",
    `Cannot ${task}: the bundle "${name}" has ${found}, expected its index for ${platform}`,
    {
      hint: `Make one where there is a network: \`pkg bundle create NAME --platform ${platform} -o FILE\``,
    },
  );
}
