import { posix } from "node:path";
import type { BlobStore } from "../blobs/blob-store.ts";
import { PkgError } from "../errors.ts";
import { SYMLINK_MODE } from "../fs/modes.ts";
import { readLocalFile } from "../fs/read-file.ts";
import type { InstalledFile } from "../package/installation.ts";
import type { Link } from "../package/provides.ts";
import type { Resolution } from "../plan/resolution.ts";
import { kegPrograms } from "../pour/keg-links.ts";
import { judgeProgram, type ProgramProblem } from "../programs/judge-program.ts";
import type { CommandContext } from "./check-commands.ts";

interface PouredFiles {
  readonly files: readonly InstalledFile[];
  readonly isKegOnly: boolean;
  /** The prefix that they are for, in which not everything is placed yet; absent: all is. */
  readonly unplaced?: string;
}

/**
 * The programs of a keg that become commands. What is no program of this machine is left out, and told; what would run one and is
 * not here is told too, unless another keg may bring it.
 *
 * @throws {PkgError} PLATFORM_UNSUPPORTED when all that there is is for another machine; FILE_SYSTEM, PERMISSION_DENIED
 */
export async function kegCommands(
  { blobs, place, emit }: CommandContext,
  { name }: Pick<Resolution, "name">,
  { files, isKegOnly, unplaced }: PouredFiles,
): Promise<readonly Link[]> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const good: Link[] = [];
  const bad: JudgedBad[] = [];
  for (const link of kegPrograms({ paths: [...byPath.keys()], isKegOnly })) {
    const found = await follow(blobs, byPath, link.title);
    const { problem, lacks } =
      typeof found === "string" ? WITHOUT_FILE[found] : await judgeProgram(blobs.pathOf(found.digest), place);
    if (problem === null) good.push(link);
    else bad.push({ title: link.title, ...problem });
    const mayCome = unplaced !== undefined && lacks?.startsWith(`"${unplaced}/`) === true;
    if (lacks !== null && !mayCome) {
      emit({ kind: "warning", message: `${name}: "${link.title}" cannot start: ${lacks}` });
    }
  }
  if (good.length === 0) refuseOther(name, bad);
  for (const { title, found } of bad) {
    emit({ kind: "warning", message: `${name}: "${title}" is ${found}, no program: it gets no command` });
  }
  return good;
}

type JudgedBad = Pick<ProgramProblem, "code" | "found" | "expected"> & Pick<Link, "title">;

function refuseOther(name: string, bad: readonly JudgedBad[]): void {
  const worst = bad.find(({ code }) => code === "PLATFORM_UNSUPPORTED");
  if (worst === undefined) return;
  const { title, code, found, expected } = worst;
  throw new PkgError(code, `Cannot install "${name}": "${title}" is a program, but ${found}, expected ${expected}`);
}

const NO_PROGRAM = { code: "PACKAGE_UNINSTALLABLE", expected: "a program" } as const;
const WITHOUT_FILE = {
  /** In another keg, or behind a link to a directory. */
  elsewhere: { problem: null, lacks: null },
  directory: { problem: { ...NO_PROGRAM, found: "a directory" }, lacks: null },
  nowhere: { problem: { ...NO_PROGRAM, found: "a link that leads nowhere" }, lacks: null },
} as const;

/** As many as the kernel follows. */
const MAX_LINKS = 40;

/** The file that a path of the keg leads to. */
async function follow(
  blobs: Pick<BlobStore, "pathOf">,
  byPath: ReadonlyMap<string, InstalledFile>,
  start: string,
): Promise<InstalledFile | keyof typeof WITHOUT_FILE> {
  let path = start;
  for (let count = 0; count <= MAX_LINKS; count++) {
    const file = byPath.get(path);
    if (file === undefined) return withoutFile(byPath, path);
    if (file.mode !== SYMLINK_MODE) return file;
    const target = (await readLocalFile(blobs.pathOf(file.digest))).toString();
    if (target.startsWith("/")) return "elsewhere";
    path = posix.join(posix.dirname(path), target);
  }
  return "nowhere";
}

function withoutFile(byPath: ReadonlyMap<string, InstalledFile>, path: string): keyof typeof WITHOUT_FILE {
  if (path.startsWith("../")) return "elsewhere";
  for (let parent = posix.dirname(path); parent !== "."; parent = posix.dirname(parent)) {
    if (byPath.has(parent)) return "elsewhere";
  }
  return [...byPath.keys()].some((one) => one.startsWith(`${path}/`)) ? "directory" : "nowhere";
}
