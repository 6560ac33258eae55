import { lstatSync } from "node:fs";
import { dirname } from "node:path";
import { addAll } from "../base/many.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import type { Declaration, DeclaredPackage } from "../declare/declaration.ts";
import { declaredFor } from "../declare/declaration.ts";
import { readText } from "../declare/find-file.ts";
import {
  type LockChange,
  type LockedPackage,
  lockChanges,
  lockPath,
  lockText,
  readLock,
} from "../declare/lock-file.ts";
import { hostOfPlatform } from "../declare/platforms.ts";
import { PkgError } from "../errors.ts";
import { rewriteFile } from "../fs/rewrite-file.ts";
import { formatPlatform } from "../oci/platform.ts";
import { ociPlatform } from "../package/platform.ts";
import type { Waiver } from "../package/policy.ts";
import { inWordsOf } from "../resolve/in-words-of.ts";
import { profileInUse } from "../resolve/profile-in-use.ts";
import { type DeclaredFile, packagesHere, readDeclared } from "../resolve/read-declared.ts";
import type { ChoosePackage } from "../resolve/settle-ambiguous.ts";
import { lockPlatform } from "./lock-platform.ts";
import { platformContext } from "./platform-context.ts";

/** What `pkg lock` was asked for. */
export interface LockRequest extends DeclaredFile {
  /** As typed; empty: those of the file, else those that are locked already, else this machine's. */
  readonly platforms: readonly string[];
  /** What is resolved anew though it is locked: all, or names as the file has them. */
  readonly upgrade: "all" | readonly string[];
  /** Whether nothing is written. */
  readonly readsOnly: boolean;
  readonly skip: readonly Waiver[];
  readonly choose: ChoosePackage;
}

/** What was locked, or would be. */
export interface LockOutcome {
  readonly path: string;
  readonly packages: readonly Pick<LockedPackage, "name" | "version" | "platform">[];
  /** How it differs from what was locked before; empty: it is the same. */
  readonly changed: readonly LockChange[];
  /** Whether the file was written. */
  readonly written: boolean;
}

const FILE_MODE = 0o644;

/**
 * Locks what a file declares, for every platform that is asked for. The same input gives the same bytes; where something cannot be
 * locked, nothing is written.
 *
 * @throws {PkgError} CONFIG_INVALID; as readDeclared; USAGE for an unknown platform or name
 */
export async function makeLock(
  cap: Capabilities,
  request: LockRequest,
): Promise<{ readonly outcome: LockOutcome; readonly errors: readonly PkgError[] }> {
  const declaration = readDeclared(cap, request);
  packagesHere(cap.config, declaration);
  const path = lockPath(declaration.path);
  const text = readText(path);
  if (text === null) refuseLink(path);
  const before = text === null ? [] : readLock({ path, text });
  const upgrade = upgradesOf(declaration, request.upgrade);
  const packages: LockedPackage[] = [];
  const errors: PkgError[] = [];
  for (const host of hostsOf(cap, { request, declaration, before })) {
    const profile = profileInUse(cap.config);
    const locked = await lockPlatform({
      ...request,
      cap: { ...platformContext(cap, host), retry: cap.retry },
      directory: dirname(declaration.path),
      wanted: declaredFor(declaration, { host, profile }),
      before: before.filter(({ platform }) => platform === host),
      isAnew: (declared) => upgrade === "all" || upgrade.has(declared.name),
    });
    addAll(packages, locked.packages);
    addAll(errors, locked.errors.map(inWordsOf("lock").error));
  }
  const now = lockText(packages);
  const isWritten = errors.length === 0 && !request.readsOnly && now !== text;
  if (isWritten) rewriteFile(path, now, { newMode: FILE_MODE });
  const changed = errors.length > 0 ? [] : lockChanges(before, packages).map(withPlatform);
  const told = packages.map(({ name, version, platform }) => withPlatform({ name, version, platform }));
  return { outcome: { path, packages: told, changed, written: isWritten }, errors };
}

/** A link that leads nowhere would decide where a file is made: whoever made the project is not asked. @throws {PkgError} CONFIG_INVALID */
function refuseLink(path: string): void {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw new PkgError("CONFIG_INVALID", `Cannot write "${path}": it is a link to a file that is not there`, {
    hint: "Remove the link",
  });
}

/** As OCI writes platforms: `linux/amd64`. */
function withPlatform<T extends { readonly platform: string }>(item: T): T {
  const { os, architecture } = ociPlatform(item.platform);
  return { ...item, platform: formatPlatform({ os, architecture }) };
}

interface Hosts {
  readonly request: LockRequest;
  readonly declaration: Declaration;
  readonly before: readonly LockedPackage[];
}

function hostsOf({ config }: Pick<Capabilities, "config">, { request, declaration, before }: Hosts): readonly string[] {
  if (request.platforms.length > 0) return [...new Set(request.platforms.map((text) => hostOfPlatform(text)))];
  if (declaration.hosts.length > 0) return declaration.hosts;
  const locked = [...new Set(before.map(({ platform }) => platform))];
  return locked.length > 0 ? locked : [config.host];
}

function upgradesOf({ packages, path }: Declaration, upgrade: LockRequest["upgrade"]): "all" | ReadonlySet<string> {
  if (upgrade === "all") return upgrade;
  const named = (word: string): readonly DeclaredPackage[] =>
    packages.filter(({ name, spec }) => name === word || spec === word);
  const unknown = upgrade.find((word) => named(word).length === 0);
  if (unknown === undefined) return new Set(upgrade.flatMap((word) => named(word).map(({ name }) => name)));
  throw new PkgError("USAGE", `Cannot upgrade "${unknown}": "${path}" does not name it`, {
    hint: "Type a name as the file has it",
  });
}
