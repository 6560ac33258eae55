import { createHash } from "node:crypto";
import { randomName } from "../fs/random-name.ts";
import type { Plan } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";

/** The layout of environments: another one makes other directories. */
const LAYOUT = 1;

/**
 * Hex SHA-256 of all that decides what is in an environment, and of the checks that it has to have passed. What no digest is
 * known of before it is fetched makes a key that is never found again.
 *
 * @param host the machine, e.g. `x86_64-linux`
 */
export function environmentKey({ steps }: Plan, host: string): string {
  const parts = steps.map(({ resolution }) => factsOf(resolution));
  const inOrder = parts.map((part) => JSON.stringify(part)).toSorted();
  return createHash("sha256")
    .update(JSON.stringify([LAYOUT, host, inOrder]))
    .digest("hex");
}

function factsOf(resolution: Resolution) {
  const { name, version, repository, origin, expected, policy, publisherKey, dependencies, isDependency } = resolution;
  const { provides, aliases, keg, indexSigned, type } = resolution;
  return {
    ...{ name, version, repository, type, policy, publisherKey, indexSigned, isDependency, keg },
    dependencies: dependencies.toSorted(),
    ...{ provides, aliases, expected, bytes: bytesOf(resolution) },
    from: origin.text,
    image: origin.kind === "image" ? origin.image : null,
    mapped: origin.kind === "download" ? origin.mapped : null,
  };
}

/** What says which bytes they are. */
function bytesOf({ origin, expected }: Resolution): readonly string[] {
  const known = [origin.digest, origin.manifest?.digest, origin.blob, expected.sha256, expected.blake3];
  const digests = known.filter((item) => typeof item === "string");
  return digests.length > 0 ? digests : [randomName()];
}
