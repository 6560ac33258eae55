import { isOnDisk, parseIndexUrl } from "../config/index-address.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import type { Network } from "../network/network.ts";

/**
 * Those of `repositories` whose index can be fetched: all of them, or with --offline those on this machine's disk. The
 * network is opened only if there are others.
 */
export async function reachable(
  network: () => Promise<Network>,
  repositories: readonly ConfiguredRepository[],
): Promise<readonly ConfiguredRepository[]> {
  const local = repositories.filter(isHere);
  const isAll = local.length === repositories.length || !(await network()).isOffline;
  return isAll ? repositories : local;
}

/** Whether the index of a repository is on this machine's disk. */
function isHere({ url, bundle }: ConfiguredRepository): boolean {
  return bundle === null ? isOnDisk(parseIndexUrl(url)) : bundle.kind !== "registry";
}
