import type { WrittenPackage } from "../declare/write-packages.ts";
import { isSameWish, PLAIN_WISH } from "../package/image.ts";
import { isAlias, nameInRepository } from "../package/install-name.ts";
import type { Installation } from "../package/installation.ts";
import { typedSpec } from "../resolve/find-installed.ts";

/** How an installation is declared. */
export interface DeclareOptions {
  /** Whether its repository is named: where there are several, its name alone may mean another one's package. */
  readonly namesRepository: boolean;
  /** Whether the version is the one that is installed, instead of what was asked for. */
  readonly isExact: boolean;
}

/** What `packages.toml` says of what is installed, so that applying it gives the same. */
export function declareInstalled(
  installed: Installation,
  { namesRepository, isExact }: DeclareOptions,
): WrittenPackage {
  const { name, repository, version, image, publisherKey, requested, wish, packageName } = installed;
  const pinned = installed.isPinned ? { pinned: true } : {};
  if (repository === null) {
    const programs = image === null || isSameWish(image, PLAIN_WISH) ? null : image;
    return {
      ...{ name, version: null, reference: requested },
      ...(isAlias(installed) ? { package: packageName } : {}),
      ...(publisherKey === null ? {} : { key: publisherKey }),
      ...(programs === null || programs.programs.length === 0 ? {} : { programs: programs.programs }),
      ...(programs?.withLibraries === true ? { with_libraries: true } : {}),
      ...pinned,
    };
  }
  const typed = typedSpec(installed);
  const own = nameInRepository({ name, repository });
  return {
    name: own,
    version: isExact ? version : wish,
    ...(namesRepository || name !== own ? { repository } : {}),
    ...(own === packageName ? {} : { package: packageName }),
    ...(typed?.id == null ? {} : { id: typed.id }),
    ...(typed?.family == null ? {} : { family: typed.family }),
    ...pinned,
  };
}
