import { mapConcurrently } from "../base/concurrency.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { asFailure } from "../capabilities/outcome.ts";
import { openLocation } from "../network/open-location.ts";
import { formatLocation, keyIn, type Location, withKey } from "../oci/location.ts";
import type { Installation } from "../package/installation.ts";
import { compareVersions, newestOf } from "../package/version.ts";
import { isVersionTag, tagAdmits } from "../package-format/tags.ts";
import { tagKind } from "./resolve-tags.ts";
import { parseSpec } from "./spec.ts";

/** A newer version of an image than that of the tag by which it was installed, and with which `update` stays. */
export interface NewerTag {
  readonly name: string;
  readonly version: string;
  /** The tag of the newest release. */
  readonly availableVersion: string;
  /** What installs it. */
  readonly reference: string;
}

type TagCapabilities = Pick<Capabilities, "config" | "network" | "signal" | "emit">;

/** Looks among the tags of images that were installed by the tag of a version; offline, only in places on this machine. */
export async function newerTags(cap: TagCapabilities, chosen: readonly Installation[]): Promise<readonly NewerTag[]> {
  const named = chosen.flatMap((installation) => namedByVersion(installation));
  const isOffline = named.length > 0 && (await cap.network()).isOffline;
  const asked = named.filter(({ location }) => !isOffline || location.kind !== "registry");
  const found = await mapConcurrently(asked, cap.config.concurrency, (item) => newerThan(cap, item));
  return found.flatMap((item) => item ?? []);
}

interface NamedByVersion {
  readonly installation: Installation;
  readonly location: Location;
  readonly tag: string;
}

function namedByVersion(installation: Installation): readonly NamedByVersion[] {
  if (installation.image === null || tagKind(installation) === null) return [];
  const spec = parseSpec(installation.requested, "/");
  if (spec.kind !== "reference") return [];
  const { tag } = keyIn(spec.location);
  return tag === null || !isVersionTag(tag) ? [] : [{ installation, location: spec.location, tag }];
}

async function newerThan(
  cap: TagCapabilities,
  { installation, location, tag }: NamedByVersion,
): Promise<NewerTag | null> {
  const { name, version } = installation;
  try {
    const purpose = { task: `list the tags of "${name}"`, namedBy: "person" } as const;
    const { place, close } = await openLocation(cap.network, location, purpose);
    try {
      const newest = newestTag(tag, await place.listTags(cap.signal));
      if (newest === null) return null;
      const reference = formatLocation(withKey(location, { tag: newest, digest: null }));
      return { name, version, availableVersion: newest, reference };
    } finally {
      await close();
    }
  } catch (error) {
    const { message } = asFailure(error);
    cap.emit({ kind: "note", message: `Whether ${name} has a newer tag is not known: ${message}` });
    return null;
  }
}

/** Numbers, what leads to a release, and the variant, which is no part of the version: `-alpine` of `1.2.0-rc1-alpine`. */
const VERSION_TAG =
  /^v?(?<numbers>\d+(?:\.\d+)+)(?<stage>[-._]?(?:alpha|beta|rc|pre|preview|dev|nightly|canary|snapshot|[abc])(?![a-z])[-._]?\d*)?(?<variant>.*)$/i;

/** The newest release among tags of the same variant that one tag does not lead to anyway; null: there is none. */
export function newestTag(tag: string, tags: readonly string[]): string | null {
  const own = partsOf(tag);
  const newer = tags.filter((other) => {
    const { numbers, stage, variant } = partsOf(other);
    // As many numbers: `1.2` moves with the releases of 1.2. Of a single one nobody knows what it counts: `20261128` is a day.
    const isAlike = numbers.split(".").length === own.numbers.split(".").length && variant === own.variant;
    return numbers !== "" && stage === "" && isAlike && !tagAdmits(tag, other);
  });
  const newest = newestOf(newer, (other) => partsOf(other).numbers);
  const order = newest === null ? 0 : compareVersions(partsOf(newest).numbers, own.numbers);
  return order > 0 || (order === 0 && own.stage !== "") ? newest : null;
}

function partsOf(tag: string) {
  const { numbers = "", stage = "", variant = "" } = VERSION_TAG.exec(tag)?.groups ?? {};
  return { numbers, stage, variant };
}
