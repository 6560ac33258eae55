import type { Config } from "../config/config.ts";
import type { Installation } from "../package/installation.ts";
import { isOrphaned } from "../package/repository-owner.ts";

/** What to type so that a package is fetched and placed again, as far as its repository is there for it. */
export function reinstallHint(installation: Installation, { repositories }: Pick<Config, "repositories">): string {
  const { name, repository, owner } = installation;
  if (isOrphaned(installation)) {
    const again = owner?.url == null ? "" : `\`pkg repo add ${owner.url}\` adds it again; `;
    return `Its repository "${repository}" was removed: ${again}\`pkg install ${name} --replace\` takes another's`;
  }
  const reinstall = `\`pkg install --reinstall ${wordFor(installation)}\``;
  const isDisabled = repositories.some((known) => known.name === repository && !known.enabled);
  return isDisabled ? `Run \`pkg repo enable ${repository}\`, then ${reinstall}` : `Run ${reinstall}`;
}

/** What `install` takes for the same package: no index knows the name of one that was installed by its reference. */
export function wordFor({ name, repository, requested }: Installation): string {
  return repository === null ? requested : name;
}
