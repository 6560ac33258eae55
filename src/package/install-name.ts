/** What an installation is called, and where its package is from. */
interface Called {
  readonly name: string;
  /** Null for a direct reference. */
  readonly repository: string | null;
}

/** The name of an installation that others need, where a package from elsewhere has the name already: `curl:homebrew`. */
export function nameBeside({ name, repository }: Called): string {
  return repository === null ? name : `${name}:${repository}`;
}

/** The name that the package itself has: without the repository that follows it in the name of an installation. */
export function packageName({ name, repository }: Called): string {
  const ending = `:${repository}`;
  return repository !== null && name.endsWith(ending) ? name.slice(0, -ending.length) : name;
}
