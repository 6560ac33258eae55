import type { Digest } from "./digest.ts";

/** What a manifest says of one blob. `size` is in bytes and never drives an allocation. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly artifactType?: string;
  readonly platform?: DescriptorPlatform;
}

/** OCI image-spec 1.1, image-index.md, `platform`. */
export interface DescriptorPlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  /** `os.features`: what the system must have, e.g. `libc.musl`. */
  readonly osFeatures?: readonly string[];
}

/** The annotation that names the file a layer holds (OCI image-spec 1.1, annotations.md). */
export const TITLE_ANNOTATION = "org.opencontainers.image.title";

/** A copy that nobody can change, with all that lies in it: what is stored and handed out stays as it is. */
export function freezeDescriptor({ annotations, platform, ...fields }: Descriptor): Descriptor {
  return Object.freeze({
    ...fields,
    annotations: Object.freeze({ ...annotations }),
    ...(platform === undefined ? {} : { platform: freezePlatform(platform) }),
  });
}

function freezePlatform({ osFeatures, ...fields }: DescriptorPlatform): DescriptorPlatform {
  return Object.freeze({
    ...fields,
    ...(osFeatures === undefined ? {} : { osFeatures: Object.freeze([...osFeatures]) }),
  });
}
