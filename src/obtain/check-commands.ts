import type { EmitEvent } from "../base/events.ts";
import { listSome } from "../base/lists.ts";
import type { BlobStore } from "../blobs/blob-store.ts";
import { PkgError } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import type { Link } from "../package/provides.ts";
import type { PackageOrigin } from "../plan/origin.ts";
import type { Resolution } from "../plan/resolution.ts";
import { judgeProgram, type ProgramProblem, type RunningPlace } from "../programs/judge-program.ts";
import { checkLoading, LIBRARIES_HINT } from "./check-loading.ts";

const MAX_LISTED = 10;

/** A link that a package would have, and the bytes that it leads to. */
export interface CommandLink {
  readonly link: Link;
  readonly digest: Digest;
}

export interface CommandContext {
  readonly blobs: Pick<BlobStore, "pathOf">;
  readonly emit: EmitEvent;
  readonly place: RunningPlace;
}

/**
 * The commands that are programs of this machine. Others are left out, and told; without the main one, or with none at all,
 * there is nothing to install. What does not become a command may be anything.
 *
 * @param main the title that has to be a program; null: any will do. Out of an image, all have to be, and to start here
 * @throws {PkgError} PACKAGE_UNINSTALLABLE, PLATFORM_UNSUPPORTED; FILE_SYSTEM, PERMISSION_DENIED
 */
export async function checkCommands(
  { blobs, emit, place }: CommandContext,
  resolution: Resolution,
  { commands, main }: { readonly commands: readonly CommandLink[]; readonly main: string | null },
): Promise<readonly Link[]> {
  const judged = await Promise.all(
    commands.map(async ({ link, digest }) => {
      const path = blobs.pathOf(digest);
      return { link, path, ...(await judgeProgram(path, place)) };
    }),
  );
  const good = judged.filter(({ problem }) => problem === null);
  const bad = judged.flatMap(({ link, problem }) => (problem === null ? [] : [{ link, problem }]));
  const { name, origin } = resolution;
  const isNeeded = (title: string) => main === null || title === main || origin.kind === "image";
  const [worst] = main === null && good.length > 0 ? [] : bad.filter(({ link }) => isNeeded(link.title));
  if (worst !== undefined) throw noProgram(resolution, worst);
  if (origin.kind === "image") {
    for (const { link, path, lacks } of good) await checkLoading(origin, { title: link.title, path, lacks });
  }
  for (const { link, problem } of bad) {
    emit({ kind: "warning", message: `${name}: "${link.title}" is ${problem.found}, no program: it gets no command` });
  }
  for (const { link, lacks } of good) {
    if (lacks !== null) emit({ kind: "warning", message: `${name}: "${link.title}" cannot start: ${lacks}` });
  }
  return good.map(({ link }) => link);
}

/** The refusal of a package none of whose programs, listed by their names, would become a command. */
export function noCommandOf(
  { name, origin }: Resolution,
  programs: readonly string[],
  where = "its directory bin",
): PkgError {
  const listed = listSome(
    programs.map((program) => `"${program}"`),
    MAX_LISTED,
  );
  const problem =
    programs.length === 0 ? `it has no program in ${where}` : `its index entry names none of its programs ${listed}`;
  return new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${name}": ${problem}`, { hint: getHint(name, origin) });
}

function noProgram({ name, origin }: Resolution, { link, problem }: { link: Link; problem: ProgramProblem }): PkgError {
  const { code, found, expected, hint } = problem;
  const what = code === "PLATFORM_UNSUPPORTED" ? "a program, but " : "";
  return new PkgError(code, `Cannot install "${name}": "${link.title}" is ${what}${found}, expected ${expected}`, {
    // Of programs, only what they are loaded by has a hint.
    hint: hint !== null && origin.kind === "image" ? LIBRARIES_HINT : (hint ?? getHint(name, origin)),
  });
}

function getHint(name: string, { kind, text }: PackageOrigin): string {
  if (kind === "image") return `\`pkg info ${text}\` lists its programs`;
  if (/(?:^|\/)homebrew\/core\//.test(text)) {
    return "It is a bottle: install it by the name of its formula, such as `pkg install jq`, and it is poured into its prefix";
  }
  if (kind === "download") return `To get the file, download it: curl -LO ${text}`;
  return `To get its files, run \`pkg pull ${text} -o ${name}\``;
}
