/** What a person wants of a container image. */
export interface ImageWish {
  /** Names or paths of programs in the image; empty: the one that its entrypoint names. */
  readonly programs: readonly string[];
  /** Whether the image's own dynamic linker and libraries are placed beside its programs. */
  readonly withLibraries: boolean;
}

/** What is recorded of the image that programs were taken from. Nobody has signed the texts. */
export interface InstalledImage extends ImageWish {
  readonly description: string | null;
  readonly license: string | null;
  readonly source: string | null;
}

/** The program of the entrypoint, alone. */
export const PLAIN_WISH: ImageWish = { programs: [], withLibraries: false };

/** Whether the same is wanted of two images. */
export function isSameWish(a: ImageWish, b: ImageWish): boolean {
  const [own, other] = [new Set(a.programs), new Set(b.programs)];
  return a.withLibraries === b.withLibraries && own.size === other.size && own.isSubsetOf(other);
}
