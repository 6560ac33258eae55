import { formatAgo } from "../base/age.ts";
import { MINUTE_MS } from "../base/duration.ts";
import type { Event } from "../base/events.ts";
import { asFailure } from "../capabilities/outcome.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import { isTransient, PkgError } from "../errors.ts";
import type { PackageIndexes } from "../index-database/package-indexes.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";

/** An enabled repository that has no index to use, and why. */
export interface LeftOut {
  readonly repository: string;
  readonly error: PkgError;
  /** Whether it was asked for its index just now, or lately; "damaged": the one it had cannot be read; "not needed": it was not waited for. */
  readonly asked: "now" | "before" | "never" | "damaged" | "not needed";
}

/** For this long, a repository that was found dead is not asked again by commands that can do without it. */
export const BACK_OFF_MS = 5 * MINUTE_MS;

/** Why the index of a repository could not be fetched lately; null: it could, that is long ago, or nobody tried. */
export function lastFailure(
  { indexes, now }: Pick<SyncCapabilities, "indexes" | "now">,
  { name, url }: Pick<ConfiguredRepository, "name" | "url">,
): PkgError | null {
  const failure = indexes.failures.get(name);
  if (failure === null || failure.url !== url) return null;
  const agoMs = now() - failure.atMs;
  if (agoMs < -MINUTE_MS || agoMs > BACK_OFF_MS) return null;
  return new PkgError(failure.code, `${failure.message}, ${formatAgo(agoMs)}`, {
    hint: `Run \`pkg sync ${name}\` to try again`,
  });
}

/** Why a repository has no index to use; `now`: what came of asking it just now, if it was asked. */
export function whyLeftOut(
  cap: Pick<SyncCapabilities, "indexes" | "now">,
  repository: ConfiguredRepository,
  now: PkgError | undefined,
): LeftOut {
  const { name } = repository;
  if (now !== undefined) return { repository: name, error: now, asked: "now" };
  const before = lastFailure(cap, repository);
  if (before !== null) return { repository: name, error: before, asked: "before" };
  const damage = damageOf(cap.indexes, name);
  if (damage !== null) return { repository: name, error: damage, asked: "damaged" };
  return { repository: name, error: noIndexYet(name), asked: "never" };
}

/** One that was not waited for any longer, because the others were enough. */
export function givenUp(name: string): LeftOut {
  const error = new PkgError("NETWORK_TIMEOUT", `Cannot sync "${name}": it was not waited for`, {
    hint: `Run \`pkg sync ${name}\``,
  });
  return { repository: name, error, asked: "not needed" };
}

function damageOf(indexes: PackageIndexes, name: string): PkgError | null {
  try {
    indexes.open(name)?.close();
    return null;
  } catch (error) {
    return asFailure(error);
  }
}

function noIndexYet(name: string): PkgError {
  return new PkgError("INDEX_MISSING", `Cannot use repository "${name}": its index has not been fetched yet`, {
    hint: `Run \`pkg sync ${name}\``,
  });
}

/** Tells a person that a repository is left out, and why. */
export function leftOutNote({ repository, error, asked }: LeftOut): Event {
  const what = `The packages of ${repository} are left out`;
  if (asked === "never") {
    return { kind: "note", message: `${what}: its index has not been fetched yet; run \`pkg sync ${repository}\`` };
  }
  const again = asked === "before" ? `; \`pkg sync ${repository}\` tries again` : "";
  if (asked === "not needed") {
    const message = `${repository} was not waited for, because what you asked for is in another repository; \`pkg sync ${repository}\` fetches its index`;
    return { kind: "note", message };
  }
  return { kind: "warning", message: `${what}: ${error.message}${again}` };
}

const NO_INDEX_NEEDED =
  "`pkg repo add ADDRESS` adds a repository that can be reached, `pkg install HOST/NAME:TAG` needs no index";

/** Why there is no index to use at all. */
export function noneUsable(leftOut: readonly LeftOut[], isOffline: boolean): PkgError {
  const cannot = "Cannot search for packages";
  const [first] = leftOut;
  if (first === undefined) {
    return new PkgError("INDEX_MISSING", `${cannot}: no repository is enabled`, {
      hint: "Run `pkg repo list`, then `pkg repo enable NAME`",
    });
  }
  if (leftOut.every(({ asked }) => asked === "never")) {
    const hint = isOffline ? `Run \`pkg sync\` without --offline; ${NO_INDEX_NEEDED}` : "Run `pkg sync`";
    return new PkgError("INDEX_MISSING", `${cannot}: no index has been fetched yet`, { hint });
  }
  if (!leftOut.some(({ error }) => isTransient(error))) return first.error;
  const reasons = leftOut.map(({ repository, error }) => `${repository}: ${error.message}`).join("; ");
  return new PkgError(first.error.code, `${cannot}: no index could be fetched. ${reasons}`, {
    cause: first.error,
    hint: `Check the network, the proxy (HTTPS_PROXY, NO_PROXY) and, behind one that opens TLS, --ca-file; then run \`pkg sync\`. ${NO_INDEX_NEEDED}`,
  });
}
