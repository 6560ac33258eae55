import { PkgError } from "../errors.ts";
import { isTag, tagText } from "../oci/reference.ts";
import { hostName, withoutHost } from "../package/platform.ts";
import { isRelease, spelled } from "../package/version.ts";
import { compareBuilds, type PlatformBuild } from "./hosts.ts";

/** The tag of the newest release. */
export const LATEST_TAG = "latest";

/**
 * The tag that names one version for ever: the version, with `_` for every character that a tag may not hold (`1.2+3` → `1.2_3`).
 *
 * @throws {PkgError} PUBLISH_INVALID
 */
export function versionTag(version: string): string {
  const tag = tagText(version);
  if (isTag(tag) && tag !== LATEST_TAG) return tag;
  const problem = tag === LATEST_TAG ? "which names the newest version" : "which no tag can hold";
  throw new PkgError("PUBLISH_INVALID", `Cannot publish version "${version}": it is a word ${problem}`, {
    hint: "A version looks like 8.14.1",
  });
}

/** The tags that move to the newest version: `8.14`, `8` and `latest` for `8.14.1`; none for a pre-release. */
export function rollingTags(version: string): readonly string[] {
  if (!isRelease(version)) return [];
  const { prefix = "", numbers = "" } = /^(?<prefix>v?)(?<numbers>\d+(?:\.\d+)*)/.exec(version)?.groups ?? {};
  const parts = numbers.split(".");
  const shorter = parts.slice(1).map((_, index) => prefix + parts.slice(0, parts.length - 1 - index).join("."));
  return [...shorter, LATEST_TAG];
}

/** A tag that is meant as a version, unlike `latest` or `stable`. */
const VERSION_TAG = /^(?:v?\d|HEAD-)/i;

/** True for a tag that may lead to a version: its own, a shorter one (`8.14`), or a word that names no version. */
export function tagAdmits(tag: string, version: string): boolean {
  if (!isVersionTag(tag)) return true;
  const [asked, own] = [withoutHost(tag), tagText(version)].map(spelled);
  return asked === own || tag === tagText(version) || own?.startsWith(`${asked}.`) === true;
}

/** False for a word such as `latest`, which names no version. */
export function isVersionTag(tag: string): boolean {
  return VERSION_TAG.test(tag);
}

/**
 * The tag of each platform's own manifest, for clients that do not know image indexes: `8.14.1-x86_64-linux`. Of several
 * builds for one host, the best gets this tag; the tags of the others end in their C library.
 *
 * @throws {PkgError} PUBLISH_INVALID for a tag that is too long
 */
export function hostTags<T extends PlatformBuild>(version: string, builds: readonly T[]): ReadonlyMap<T, string> {
  const tags = new Map<T, string>();
  const taken = new Set<string>();
  for (const build of builds.toSorted(compareBuilds)) {
    const plain = tagText(`${version}-${hostName(build.platform)}`);
    const tag = taken.has(plain) ? `${plain}-${build.libc}` : plain;
    if (!isTag(tag)) {
      throw new PkgError("PUBLISH_INVALID", `Cannot publish version "${version}": its tag "${tag}" is too long`);
    }
    taken.add(tag);
    tags.set(build, tag);
  }
  return tags;
}
