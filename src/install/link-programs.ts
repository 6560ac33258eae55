import type { Capabilities, Records } from "../capabilities/capabilities.ts";
import type { WithErrors } from "../capabilities/outcome.ts";
import { hasCode, PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { programLinks } from "../package/place.ts";
import { ALL_PROGRAMS, isUnlinked, withUnlinked } from "../package/unlinked.ts";
import { findInstalled, type InstalledWords } from "../resolve/find-installed.ts";
import { changeRecords, type Drafted, type RecordOutcome } from "./change-records.ts";
import type { NamedRequest } from "./pin.ts";

type LinkCapabilities = Pick<Capabilities, "records" | "state" | "emit">;

/** Removes links to programs, which stay away until `link` makes them again, and gives them back to whom they were taken from. */
export function unlinkPrograms(
  cap: LinkCapabilities,
  { names, directory, dryRun }: NamedRequest,
): Promise<WithErrors<RecordOutcome>> {
  return changeRecords(cap, {
    ...{ words: names, dryRun, takes: false },
    change: (installations, word) => {
      const { now, program } = findProgram({ installations, directory }, word);
      const isDone = isUnlinked(now, program ?? ALL_PROGRAMS);
      const unlinked = program === null ? [ALL_PROGRAMS] : [...now.unlinked, program];
      return { now, next: isDone ? now : withUnlinked({ ...now, unlinked }) };
    },
  });
}

/** Links programs again, and takes them over from packages that have their names; with `force`, also from what is not ours. */
export async function linkPrograms(
  cap: LinkCapabilities,
  { names, directory, dryRun, force }: NamedRequest & { readonly force: boolean },
): Promise<WithErrors<RecordOutcome>> {
  const { profile } = await cap.records();
  return changeRecords(cap, {
    ...{ words: names, dryRun, takes: true },
    change: (installations, word) => {
      const found = findProgram({ installations, directory }, word);
      const drafted = linked(found);
      if (!force) refuseForeign(profile, drafted);
      return drafted;
    },
  });
}

interface Found {
  readonly now: Installation;
  /** Null: all that it has. */
  readonly program: string | null;
}

function linked({ now, program }: Found): Drafted {
  const isMeant = (path: string) => program === null || program === path;
  const others = programsOf(now).filter((name) => isUnlinked(now, name) && !isMeant(name));
  const unlinked = program === null ? [] : others;
  const coming = programLinks(now.taken).filter(({ path }) => isMeant(path));
  if (coming.length === 0) return { now, next: now };
  const taken = now.taken.filter((link) => !coming.includes(link));
  return { now, next: { ...now, unlinked, taken, links: [...now.links, ...coming] } };
}

/** @throws {PkgError} PATH_CONFLICT */
function refuseForeign(profile: Pick<Records["profile"], "conflicts">, { now, next }: Drafted): void {
  const known = new Set(now.links.map(({ path }) => path));
  const coming = programLinks(next.links).flatMap(({ path }) => (known.has(path) ? [] : path));
  const [foreign] = profile.conflicts(now.name, coming).filter(({ owner }) => owner === null);
  if (foreign === undefined) return;
  throw new PkgError(
    "PATH_CONFLICT",
    `Cannot link "${foreign.link}" of "${now.name}": pkg did not place "${foreign.path}"`,
    {
      hint: "Use --force to move it aside",
    },
  );
}

/** `NAME:REPOSITORY` comes before `NAME:PROGRAM`. @throws {PkgError} as findInstalled */
function findProgram(
  words: InstalledWords & { readonly installations: { get(name: string): Installation | null } },
  word: string,
): Found {
  try {
    return asFound(words, findInstalled(words, word), null);
  } catch (error) {
    const colon = word.lastIndexOf(":");
    if (colon < 1 || !hasCode(error, "NOT_INSTALLED", "SPEC_INVALID")) throw error;
    const program = word.slice(colon + 1);
    return asFound(words, findInstalled(words, word.slice(0, colon)), program);
  }
}

function asFound({ installations }: InstalledWords, { name }: Installation, program: string | null): Found {
  const now = installations.get(name);
  if (now === null) throw new Error(`"${name}" was found`);
  const programs = programsOf(now);
  if (programs.length > 0 && (program === null || programs.includes(program))) return { now, program };
  const what = program === null ? "it has no programs to link" : `it has no program "${program}"`;
  const hint = programs.length === 0 ? `\`pkg files ${name}\` shows what it placed` : `It has ${programs.join(", ")}`;
  throw new PkgError("NOT_INSTALLED", `Cannot link or unlink "${name}": ${what}`, { hint });
}

function programsOf({ links, taken }: Installation): readonly string[] {
  return [...new Set(programLinks([...links, ...taken]).map(({ path }) => path))];
}
