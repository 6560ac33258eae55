import { PkgError } from "../errors.ts";
import type { DescriptorPlatform } from "../oci/descriptor.ts";
import { formatPlatform } from "../oci/platform.ts";
import type { ElfFacts, ProgramFacts } from "../package/elf.ts";
import type { Libc } from "../package/metadata.ts";
import { parseProvide } from "../package/provides.ts";
import type { ProgramType, Publication } from "../package/publication.ts";
import { describeBuild, type PlatformBuild } from "./hosts.ts";

/** What a person claims about a program. */
export interface ClaimedProgram extends PlatformBuild {
  /** What messages call it. */
  readonly path: string;
}

/** What a program turned out to be. */
export interface CheckedProgram {
  readonly type: Exclude<ProgramType, "archive">;
  readonly libc: Libc | null;
}

/**
 * Compares the claim with the file itself.
 *
 * @throws {PkgError} PUBLISH_INVALID when it is not a program, or is for another machine or C library
 */
export function checkProgram(claim: ClaimedProgram, facts: ProgramFacts): CheckedProgram {
  switch (facts.kind) {
    case "script":
      return { type: "script", libc: claim.libc };
    case "elf":
      return checkElf(claim, facts);
    case "other":
      if (claim.platform.os !== "linux") return { type: "dynamic", libc: claim.libc };
      throw refused(claim, `expected a program for ${formatPlatform(claim.platform)}, found ${facts.what}`);
  }
}

function checkElf(claim: ClaimedProgram, facts: ElfFacts): CheckedProgram {
  if (!facts.isProgram) throw refused(claim, "expected a program, found a library or an object file");
  const found = platformOf(facts);
  const { os, architecture } = claim.platform;
  if (found.architecture !== architecture || !mayRunOn(facts, os)) {
    throw refused(
      claim,
      `expected a program for ${formatPlatform(claim.platform)}, found one for ${formatPlatform(found)}`,
    );
  }
  if (claim.libc !== null && facts.libc !== null && claim.libc !== facts.libc) {
    throw refused(claim, `expected a program for ${claim.libc}, found one ${describeLibc(facts)}`, LIBC_HINT);
  }
  return { type: facts.libc === "static" ? "static" : "dynamic", libc: facts.libc ?? claim.libc };
}

const LIBC_HINT = "Leave the C library out: it is read from the program";

/** The platform that an ELF program is for; Linux when it names no system. */
export function platformOf({ architecture, system }: ElfFacts): DescriptorPlatform {
  return { os: system ?? "linux", architecture };
}

/** Systems that do not run ELF programs. */
const WITHOUT_ELF: readonly string[] = ["darwin", "windows", "ios"];

/** Linux programs are not marked as such, and those of other systems not always. */
function mayRunOn({ system }: ElfFacts, os: string): boolean {
  return system === null ? !WITHOUT_ELF.includes(os) : system === os;
}

function describeLibc({ libc, interpreter }: ElfFacts): string {
  return libc === "static" ? "that is static and needs none" : `for ${libc} ("${interpreter}")`;
}

/**
 * The C library that the programs of a directory need.
 *
 * @throws {PkgError} PUBLISH_INVALID when some need glibc and others musl
 */
export function libcOfAll(path: string, libcs: readonly (Libc | null)[]): Libc | null {
  const linked = new Set(libcs.filter((libc) => libc === "glibc" || libc === "musl"));
  const [only] = linked;
  if (linked.size > 1) {
    throw new PkgError("PUBLISH_INVALID", `Cannot publish "${path}": some of its programs need glibc, others musl`, {
      hint: "Publish a directory for each",
    });
  }
  if (only !== undefined) return only;
  return libcs.includes("static") ? "static" : null;
}

/**
 * Refuses two programs for the same platform and C library: a machine could not choose between them.
 *
 * @throws {PkgError} PUBLISH_INVALID
 */
export function checkBuilds(builds: readonly ClaimedProgram[]): void {
  const seen = new Map<string, string>();
  for (const build of builds) {
    const what = describeBuild(build);
    const other = seen.get(what);
    if (other !== undefined) {
      throw refused(build, `"${other}" is for ${what} as well`, "Publish one program for each platform and C library");
    }
    seen.set(what, build.path);
  }
}

/**
 * Refuses a `provides` that names a program the package does not have: installing would leave its links out.
 *
 * @throws {PkgError} PUBLISH_INVALID
 */
export function checkProvides(
  { provides, name }: Pick<Publication, "provides" | "name">,
  { path, programs }: { readonly path: string; readonly programs: readonly string[] },
): void {
  const there = programs.length > 0 ? programs : [name];
  const wanted = (provides ?? []).map((text) => ({ text, program: parseProvide(text)?.program ?? "" }));
  const missing = wanted.find(({ program }) => !there.includes(program));
  if (missing === undefined) return;
  const listed = there.slice(0, 10).map((program) => `"${program}"`);
  throw new PkgError(
    "PUBLISH_INVALID",
    `Cannot publish "${path}": provides has "${missing.text}", expected one of ${listed.join(", ")}`,
    { hint: "Another name for a program is written PROGRAM==NAME, or PROGRAM=>NAME for that name alone" },
  );
}

const PLATFORM_HINT = "Check what was built, and the platform written after the file: FILE@os/arch";

function refused({ path }: ClaimedProgram, problem: string, hint = PLATFORM_HINT): PkgError {
  return new PkgError("PUBLISH_INVALID", `Cannot publish "${path}": ${problem}`, { hint });
}
