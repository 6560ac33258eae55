import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { foreignError } from "../base/foreign-error.ts";
import { discardEnvironment } from "../environments/clean-environments.ts";
import { readEnvironment } from "../environments/environment.ts";
import { environmentRoots, isAbandoned, PARTS } from "../environments/environment-place.ts";
import { PkgError } from "../errors.ts";
import { directoriesInUse } from "../fs/directories-in-use.ts";
import type { Found } from "./finding.ts";
import { namesIn } from "./names-in.ts";
import type { Patient } from "./patient.ts";

/** The names that environments have: part of a hash. */
const NAME = /^(?:[0-9a-f]{6}|[0-9a-f]{16})$/;

/** What `pkg run`, `exec` and `shell` have put together. */
export function checkEnvironments({ cap }: Patient): readonly Found[] {
  return environmentRoots(cap.config.paths).flatMap((root) =>
    namesIn(root).flatMap((name): readonly Found[] => {
      const directory = join(root, name);
      if (isAbandoned(name)) {
        return [found("environment-abandoned", directory, "a process that was killed has left it unfinished")];
      }
      const problem = NAME.test(name) ? problemOf(directory) : null;
      return problem === null ? [] : [found("environment-damaged", directory, problem)];
    }),
  );
}

function problemOf(directory: string): string | null {
  try {
    return problemIn(directory);
  } catch (error) {
    const known = foreignError(error) ?? error;
    // What is in it cannot be read: something else is there.
    if (known instanceof PkgError && known.code === "FILE_SYSTEM") return known.message;
    throw error;
  }
}

function problemIn(directory: string): string | null {
  const environment = readEnvironment(directory);
  if (environment === null) {
    // Without a record, only what looks like one is taken for one.
    const parts = namesIn(directory);
    const isOne =
      lstatSync(directory).isDirectory() && parts.some((name) => name === PARTS.bin || name === PARTS.packages);
    return isOne ? "what says what is in it is missing, or is damaged" : null;
  }
  const programs = environment.packages.flatMap((item) => item.programs);
  const missing = programs.find((program) => !existsSync(join(directory, PARTS.bin, program)));
  return missing === undefined ? null : `its program "${missing}" is missing`;
}

function found(code: "environment-damaged" | "environment-abandoned", directory: string, message: string): Found {
  return {
    code,
    subject: directory,
    message,
    cure: "`pkg doctor --fix` removes it: the next `pkg run` puts it together again",
    mend: {
      stage: "leftovers",
      key: `environment ${directory}`,
      apply: () => {
        if (directoriesInUse([directory]).size > 0) {
          throw new PkgError("STATE_CHANGED", `Cannot remove "${directory}": a program runs in it`, {
            hint: "End it, then run `pkg doctor --fix` again",
          });
        }
        discardEnvironment(directory);
      },
    },
  };
}
