import { withoutHost } from "./platform.ts";
import { comparePreference } from "./version.ts";
import { compareText, versionKey } from "./version-key.ts";

/**
 * The tags in the order in which a person wants what they name: releases, pre-releases, words, builds of commits; each with
 * the newest first. The whole version comes before a tag that is shortened, and both before the tags of its platforms.
 */
export function newestTagsFirst(tags: Iterable<string>): readonly string[] {
  const keyed = [...tags].map((tag) => ({ tag, version: withoutHost(tag) }));
  return keyed
    .sort(
      (a, b) =>
        comparePreference(a.version, b.version) ||
        Number(isOfPlatform(a)) - Number(isOfPlatform(b)) ||
        partsIn(b.version) - partsIn(a.version) ||
        compareText(a.version, b.version) ||
        compareText(a.tag, b.tag),
    )
    .map(({ tag }) => tag);
}

function isOfPlatform({ tag, version }: { readonly tag: string; readonly version: string }): boolean {
  return tag !== version;
}

function partsIn(version: string): number {
  return versionKey(version).release.length;
}
