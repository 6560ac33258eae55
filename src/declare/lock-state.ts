import { PkgError } from "../errors.ts";
import type { DeclaredPackage } from "./declaration.ts";
import type { LockedPackage } from "./lock-file.ts";

/** What a declared package is known by in a lock file. */
export function declaredKey({ spec, key, image, packageName, name, isPinned }: DeclaredPackage): string {
  const own = packageName === null ? null : name;
  return JSON.stringify([spec, key, image?.programs ?? [], image?.withLibraries ?? false, own, isPinned]);
}

/** The same of what is locked. */
export function rootKey(item: LockedPackage): string {
  const { requested, key, programs = [], with_libraries = false, name, pinned = false } = item;
  const own = item.package === undefined ? null : name;
  return JSON.stringify([requested, key ?? null, programs, with_libraries, own, pinned]);
}

/**
 * Refuses a lock file that does not say what is declared for a platform, and names what differs.
 *
 * @throws {PkgError} LOCK_STALE
 */
export function checkLockState(
  path: string,
  wanted: readonly DeclaredPackage[],
  { locked, host }: { readonly locked: readonly LockedPackage[]; readonly host: string },
): void {
  const roots = locked.filter(({ requested }) => requested !== undefined);
  const [declared, known] = [new Set(wanted.map(declaredKey)), new Set(roots.map(rootKey))];
  const lacking = wanted.filter((item) => !known.has(declaredKey(item)));
  const more = roots.filter((item) => !declared.has(rootKey(item)));
  const names = new Set(lacking.map(({ name }) => name));
  const differing = [
    ...lacking.map(({ name, spec }) => `"${name}" is declared as "${spec}" and not locked so`),
    ...more.filter(({ name }) => !names.has(name)).map(({ name }) => `"${name}" is locked and not declared`),
  ];
  if (differing.length === 0) return;
  const named = differing.slice(0, MAX_NAMED).join(", ");
  const rest = differing.length > MAX_NAMED ? ` and ${differing.length - MAX_NAMED} more` : "";
  throw new PkgError("LOCK_STALE", `Cannot use "${path}": it is not up to date for ${host}: ${named}${rest}`, {
    hint: locked.length === 0 ? `Run \`pkg lock --platform ${host}\`` : "Run `pkg lock`",
  });
}

const MAX_NAMED = 5;
