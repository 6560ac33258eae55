/** The artifact type of a package. */
export const PACKAGE_TYPE = "application/vnd.pkg.package.v1";

/** Marks an image index of packages. Clients older than image-spec 1.1 drop an artifact type when they copy an image index. */
export const TYPE_ANNOTATION = "vnd.pkg.type";

/** The type of an index's manifest in a registry, which has the empty config and the two layers below. */
export const INDEX_ARTIFACT_TYPE = "application/vnd.pkg.index.v1";

/** Names the programs of a package and their links, as `provides` of its entry does, in a list separated by spaces. */
export const PROVIDES_ANNOTATION = "vnd.pkg.provides";
