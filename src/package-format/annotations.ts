import { PROVIDES_ANNOTATION } from "../package/artifact-types.ts";
import type { Provide } from "../package/metadata.ts";
import { parseProvides } from "../package/provides.ts";
import type { Publication } from "../package/publication.ts";

type Annotations = Readonly<Record<string, string>>;

/** OCI image-spec 1.1, annotations.md. */
const PREFIX = "org.opencontainers.image.";

/** Says which version a manifest or image index is, so that nothing else has to be read. */
export const VERSION_ANNOTATION = `${PREFIX}version`;

/** What a manifest says about its package; null: nothing. */
export function annotationIn(
  { annotations }: { readonly annotations: Annotations },
  key: "description" | "licenses" | "url" | "source",
): string | null {
  return annotations[PREFIX + key] ?? null;
}

/** The programs of a package and their links, as its publisher names them; empty: its own name, or all that it has. */
export function providesIn({ annotations }: { readonly annotations: Annotations }): readonly Provide[] {
  return parseProvides((annotations[PROVIDES_ANNOTATION] ?? "").split(" ").slice(0, MAX_PROVIDES));
}

/** As many as an entry may have. */
const MAX_PROVIDES = 256;

/**
 * What a package says about itself, on its image index and on every manifest.
 *
 * @param createdAt ISO 8601; null: no time, so that the result does not depend on when it is made
 */
export function annotationsOf(publication: Publication, createdAt: string | null): Annotations {
  const fields: Readonly<Record<string, string | null>> = {
    title: publication.name,
    version: publication.version,
    description: publication.description,
    licenses: publication.license,
    url: publication.homepage,
    // GHCR links a package to the repository that this names.
    source: publication.source,
    documentation: publication.documentation,
    created: createdAt,
  };
  const { provides } = publication;
  const told = Object.entries(fields).flatMap(([key, text]) => (text === null ? [] : [[`${PREFIX}${key}`, text]]));
  // An image index or a manifest of a package that names nothing stays as it always was.
  const programs = provides === null || provides.length === 0 ? [] : [[PROVIDES_ANNOTATION, provides.join(" ")]];
  return Object.fromEntries([...told, ...programs]);
}
