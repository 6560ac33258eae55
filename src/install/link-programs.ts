import type { Capabilities, Records } from "../capabilities/capabilities.ts";
import type { WithErrors } from "../capabilities/outcome.ts";
import { hasCode, PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { programLinks } from "../package/place.ts";
import { ALL_PROGRAMS, isUnlinked, withUnlinked } from "../package/unlinked.ts";
import { findInstalled, type InstalledWords } from "../resolve/find-installed.ts";
import { changeRecords, type Drafted, type RecordOutcome } from "./change-records.ts";
import { linksOnRequest } from "./linked-keg.ts";
import { hidingNotes, refuseProtected } from "./name-concerns.ts";
import type { NamedRequest } from "./pin.ts";

type LinkCapabilities = Pick<Capabilities, "records" | "state" | "emit">;

/** What `link` was asked for. */
export interface LinkRequest extends NamedRequest {
  /** Whether what `pkg` did not place is moved aside. */
  readonly force: boolean;
  /** Protected names that may be taken. */
  readonly allowed: readonly string[];
}

/** Removes links to programs, which stay away until `link` makes them again, and gives them back to whom they were taken from. */
export function unlinkPrograms(
  cap: LinkCapabilities,
  { names, directory, dryRun }: NamedRequest,
): Promise<WithErrors<RecordOutcome>> {
  return changeRecords(cap, {
    ...{ words: names, dryRun, takes: false },
    change: (installations, word) => {
      const { now, program } = findProgram({ installations, directory }, word, "unlink");
      const isDone = isUnlinked(now, program ?? ALL_PROGRAMS) || !hasLink({ now, program });
      const unlinked = program === null ? [ALL_PROGRAMS] : [...now.unlinked, program];
      return { now, next: isDone ? now : withUnlinked({ ...now, unlinked }) };
    },
  });
}

/** Links programs again, and takes them over from packages that have their names; with `force`, also from what is not ours. */
export async function linkPrograms(
  cap: LinkCapabilities & Pick<Capabilities, "config">,
  { names, directory, dryRun, force, allowed }: LinkRequest,
): Promise<WithErrors<RecordOutcome>> {
  const { profile } = await cap.records();
  return changeRecords(cap, {
    ...{ words: names, dryRun, takes: true },
    change: (installations, word) => {
      const found = findProgram({ installations, directory }, word, "link");
      const drafted = linked(found);
      refuseProtected(found.now.name, newLinks(drafted), allowed);
      if (!force) refuseForeign(profile, drafted);
      return drafted;
    },
    notes: (drafted) => hidingNotes(cap.config, drafted.now.name, newLinks(drafted)),
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
  const recorded = new Set([...now.links, ...now.taken].map(({ path }) => path));
  const possible = [...programLinks(now.taken), ...linksOnRequest(now).filter(({ path }) => !recorded.has(path))];
  const coming = possible.filter(({ path }) => isMeant(path));
  if (coming.length === 0) return { now, next: now };
  const taken = now.taken.filter((link) => !coming.includes(link));
  return { now, next: { ...now, unlinked, taken, links: [...now.links, ...coming] } };
}

/** Whether it has links to what is meant, or had them until another package took them over. */
function hasLink({ now: { links, taken }, program }: Found): boolean {
  return programLinks([...links, ...taken]).some(({ path }) => program === null || program === path);
}

function newLinks({ now, next }: Drafted): readonly string[] {
  const known = new Set(now.links.map(({ path }) => path));
  return programLinks(next.links).flatMap(({ path }) => (known.has(path) ? [] : path));
}

/** @throws {PkgError} PATH_CONFLICT */
function refuseForeign(profile: Pick<Records["profile"], "conflicts">, drafted: Drafted): void {
  const { now } = drafted;
  const [foreign] = profile.conflicts(now.name, newLinks(drafted)).filter(({ owner }) => owner === null);
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
  verb: "link" | "unlink",
): Found {
  const found = ({ name }: Installation, program: string | null) =>
    demandProgram(words.installations.get(name), { program, verb });
  try {
    return found(findInstalled(words, word), null);
  } catch (error) {
    const colon = word.lastIndexOf(":");
    if (colon < 1 || !hasCode(error, "NOT_INSTALLED", "SPEC_INVALID")) throw error;
    const program = word.slice(colon + 1);
    return found(findInstalled(words, word.slice(0, colon)), program);
  }
}

function demandProgram(
  now: Installation | null,
  { program, verb }: { readonly program: string | null; readonly verb: string },
): Found {
  if (now === null) throw new Error("what was found is installed");
  const programs = programsOf(now);
  if (programs.length > 0 && (program === null || programs.includes(program))) return { now, program };
  const what = program === null ? "it has no programs to link" : `it has no program "${program}"`;
  const hint = programs.length === 0 ? withoutPrograms(now) : `It has ${programs.join(", ")}`;
  throw new PkgError("NOT_INSTALLED", `Cannot ${verb} "${now.name}": ${what}`, { hint });
}

function withoutPrograms({ name, isDependency }: Installation): string {
  if (!isDependency) return `\`pkg files ${name}\` shows what it placed`;
  return `It came along for another package: \`pkg install ${name}\` links what it has`;
}

function programsOf(now: Installation): readonly string[] {
  const all = [...programLinks([...now.links, ...now.taken]), ...linksOnRequest(now)];
  return [...new Set(all.map(({ path }) => path))];
}
