const OF_ALL = 0o777;
const WRITTEN_BY_OTHERS = 0o022;
const BITS: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111 };
const WHO: Readonly<Record<string, number>> = { u: 0o700, g: 0o070, o: 0o007, a: OF_ALL };
/** What those who are not named get, as `chmod` with the usual umask gives it. */
const USUAL = 0o755;

/**
 * The mode of a file after `chmod PERMISSIONS`; null for what is not known, what would run as another user, and what others could
 * write who could not before.
 */
export function changedMode(mode: number, permissions: string): number | null {
  const changed = /^0?[0-7]{3}$/.test(permissions)
    ? Number.parseInt(permissions, 8)
    : permissions.split(",").reduce<number | null>(withClause, mode);
  if (changed === null || (changed & ~mode & WRITTEN_BY_OTHERS) !== 0) return null;
  // What its owner cannot read can neither be verified nor kept.
  return changed | 0o400;
}

function withClause(mode: number | null, clause: string): number | null {
  const [, who = "", operator, letters = ""] = /^([ugoa]*)([-+=])([rwxX]*)$/.exec(clause) ?? [];
  if (mode === null || operator === undefined) return null;
  const named = [...who].reduce((bits, letter) => bits | (WHO[letter] ?? 0), 0);
  const isRunnable = (mode & 0o111) !== 0;
  const bits = [...letters].reduce(
    (sum, letter) => sum | (letter === "X" ? (isRunnable ? 0o111 : 0) : (BITS[letter] ?? 0)),
    0,
  );
  const meant = bits & (who === "" ? USUAL : named);
  if (operator === "+") return mode | meant;
  return operator === "-" ? mode & ~meant : (mode & ~(who === "" ? OF_ALL : named)) | meant;
}
