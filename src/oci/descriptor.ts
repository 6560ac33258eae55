import type { Digest } from "./digest.ts";

/** A reference to a blob or document. `size` is in bytes; it is untrusted, so nothing is allocated by it. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly artifactType?: string;
  readonly platform?: DescriptorPlatform;
}

/** The platform that a manifest is for (OCI image-spec 1.1, image-index.md, `platform`). */
export interface DescriptorPlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  /** `os.features`: features that the system must have, e.g. `libc.musl`. */
  readonly osFeatures?: readonly string[];
}

/** The annotation that names the file a layer holds (OCI image-spec 1.1, annotations.md). */
export const TITLE_ANNOTATION = "org.opencontainers.image.title";

/** A deeply frozen copy of a descriptor, so that no caller can change what is stored. */
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
