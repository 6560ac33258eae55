import type { RetrySettings } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import { wantedNames } from "../image/find-program.ts";
import type { ImageConfig } from "../image/image-config.ts";
import { imageLayers } from "../image/image-layers.ts";
import type { Source } from "../oci/content.ts";
import { digestHex } from "../oci/digest.ts";
import { keyIn, type Location } from "../oci/location.ts";
import type { Manifest } from "../oci/manifest.ts";
import { formatPlatform, isSameMachine } from "../oci/platform.ts";
import type { ImageWish } from "../package/image.ts";
import { ociPlatform, withoutHost } from "../package/platform.ts";
import { isActive, type Policy } from "../package/policy.ts";
import { isVersionTag } from "../package-format/tags.ts";
import { type ImageOrigin, imageOrigin } from "../plan/origin.ts";
import { fetchImageConfig, noOwnProgram, noSuchProgram, programsIn, streamedImage } from "../sources/read-image.ts";
import type { SourceContext } from "../sources/source-context.ts";

/** An image that a reference names. */
export interface NamedImage {
  readonly place: Source;
  readonly manifest: Manifest;
  /** With the tag or digest that it was found by. */
  readonly location: Location;
  /** As it was typed, for messages. */
  readonly text: string;
  readonly wish: ImageWish;
  readonly policy: Policy;
  /** True when it is only to be shown, so that an image without a program of its own is accepted too. */
  readonly isOnlyShown: boolean;
}

/** What an image says; `name` is null where the place has one. */
export interface ImageFacts {
  readonly origin: ImageOrigin;
  readonly name: string | null;
  readonly version: string;
}

/** What reading an image needs. */
export interface ImageContext {
  readonly sources: SourceContext;
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
}

const SHORT_DIGEST = 12;
/** Of what is recorded and shown. */
const MAX_TEXT_LENGTH = 4096;
const LABEL = "org.opencontainers.image.";

/**
 * What an image says about itself, which nobody signed. Its layers are looked at only in order to list what it has, where it
 * is not for one program.
 *
 * @throws {PkgError} SIGNATURE_MISSING where a key was given; PACKAGE_UNINSTALLABLE for an image that is not for one program,
 *   or that cannot be read here; PLATFORM_UNSUPPORTED, MANIFEST_INVALID; those of the place
 */
export async function readImageFacts({ sources, retry, signal }: ImageContext, named: NamedImage): Promise<ImageFacts> {
  const { place, manifest, location, text, wish } = named;
  if (named.policy.keys.length > 0 && isActive(named.policy, "signature")) throw unsigned(text);
  const image = { name: text, place, manifest, retry, signal };
  const config = await fetchImageConfig(image);
  imageLayers(text, manifest, config);
  refuseOther(text, config, sources.machine.host);
  const reason = named.isOnlyShown || wish.programs.length > 0 ? null : noOwnProgram(config);
  if (reason !== null) {
    throw noSuchProgram(text, { kind: "none", reason }, await programsIn(streamedImage(image, config), config));
  }
  const said = (key: string) =>
    (manifest.annotations[LABEL + key] ?? config.labels.get(LABEL + key))?.slice(0, MAX_TEXT_LENGTH) ?? null;
  const texts = { description: said("description"), license: said("licenses"), source: said("source") ?? said("url") };
  const origin = imageOrigin(location, { manifest, config, image: { ...wish, ...texts } });
  // A layout may be called anything, so its image is called like its program.
  const [own = null] = location.kind === "registry" ? [] : wantedNames(config, []);
  return { origin, name: own, version: versionOf(location, manifest, said("version")) };
}

function unsigned(text: string): PkgError {
  return new PkgError(
    "SIGNATURE_MISSING",
    `Cannot check "${text}" with --key: a container image has no such signatures`,
    {
      hint: "Name it by its digest: REFERENCE@sha256:…; `pkg oci resolve REFERENCE` shows that",
    },
  );
}

/** A version that can be shown, and used in a file name. */
const isVersion = (text: string) => /^[^\s\p{Cc}\p{Cf}/]{1,128}$/u.test(text);

/** The tag if it is a version, else what the image says, else a short digest. */
function versionOf(location: Location, { digest }: Manifest, said: string | null): string {
  const { tag } = keyIn(location);
  if (tag !== null && isVersionTag(tag)) return withoutHost(tag);
  return said !== null && isVersion(said) ? said : digestHex(digest).slice(0, SHORT_DIGEST);
}

/** An image need not be in an index that names platforms. */
function refuseOther(text: string, { os, architecture }: ImageConfig, host: string): void {
  const here = ociPlatform(host);
  const found = { os: os ?? here.os, architecture: architecture ?? here.architecture };
  if (isSameMachine(found, here)) return;
  throw new PkgError(
    "PLATFORM_UNSUPPORTED",
    `Cannot install "${text}": the image is for ${formatPlatform(found)}, expected ${formatPlatform(here)}`,
  );
}
