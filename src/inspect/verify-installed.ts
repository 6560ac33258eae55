import type { Capabilities } from "../capabilities/capabilities.ts";
import type { WithErrors } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import { findAllInstalled } from "../install/find-installed.ts";
import { cannotRun, type UnusableProgram, unusablePrograms } from "./installed-programs.ts";

/** What was found for each package. */
export interface VerifyOutcome {
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    /** `unusable`: as it was placed, but a command of it is no program of this machine. */
    readonly state: "ok" | "damaged" | "unusable";
    readonly files: readonly {
      readonly path: string;
      readonly state: "ok" | "missing" | "changed" | "unusable";
      readonly expected?: string;
      readonly found?: string;
    }[];
    /** What is in its directory and was not placed there, such as what the program wrote: absolute paths. */
    readonly unrecorded: readonly string[];
  }[];
}

/**
 * Hashes again what is installed; a package is damaged if any of its files or links is not as it was placed, and unusable if
 * a command of it is no program. What is named, as `install` takes it, and not installed does not keep it from checking the rest.
 */
export async function verifyInstalled(
  cap: Pick<Capabilities, "config" | "state" | "signal" | "emit">,
  { texts, directory }: { readonly texts: readonly string[]; readonly directory: string },
): Promise<WithErrors<VerifyOutcome>> {
  const state = await cap.state();
  const { installations } = state;
  const { found, missing } = findAllInstalled({ installations, directory }, texts);
  const chosen = texts.length === 0 ? installations.list() : found.map(({ installation }) => installation);
  const packages: VerifyOutcome["packages"][number][] = [];
  const errors: PkgError[] = missing.map(({ error }) => error);
  const totalBytes = chosen.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  cap.emit({ kind: "tasks-planned", tasks: chosen.length, totalBytes });
  for (const installation of chosen) {
    const { name, version } = installation;
    cap.emit({ kind: "task-started", id: name, title: `verify ${name}`, totalBytes: installation.sizeBytes });
    const files = await state.profile.verify(installation, cap.signal);
    const unrecorded = state.profile.unrecorded(installation);
    const bad = files.filter((file) => file.state !== "ok");
    const unusable = bad.length > 0 ? [] : await unusablePrograms(cap.config, installation);
    const verdict = bad.length > 0 ? "damaged" : unusable.length > 0 ? "unusable" : "ok";
    packages.push({
      name,
      version,
      state: verdict,
      files: files.map((file) => withProblem(file, unusable)),
      unrecorded,
    });
    cap.emit({ kind: "task-done", id: name, summary: verdict });
    if (unusable.length > 0) errors.push(cannotRun(installation, unusable));
    if (bad.length > 0) {
      const list = bad.map((file) => `"${file.path}" is ${file.state}`).join(", ");
      errors.push(
        new PkgError("INTEGRITY", `Cannot vouch for "${name}" ${version}: ${list}`, {
          hint: `Run \`pkg install --reinstall ${name}\``,
        }),
      );
    }
  }
  return { outcome: { packages }, errors };
}

type VerifiedFile = VerifyOutcome["packages"][number]["files"][number];

function withProblem(file: VerifiedFile, unusable: readonly UnusableProgram[]): VerifiedFile {
  const problem = unusable.find(({ path }) => path === file.path)?.problem;
  return problem === undefined
    ? file
    : { ...file, state: "unusable", expected: problem.expected, found: problem.found };
}
