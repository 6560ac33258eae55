import { foreignError } from "../base/foreign-error.ts";
import { addAll } from "../base/many.ts";
import { PkgError } from "../errors.ts";
import { checkDirectories, checkExposure, checkFiles, checkOwners, checkSecrets, checkUmask } from "./check-access.ts";
import { checkConfiguration, checkVariables } from "./check-configuration.ts";
import { checkDependencies } from "./check-dependencies.ts";
import { checkEnvironments } from "./check-environments.ts";
import { checkIndexes, checkUnownedIndexes } from "./check-indexes.ts";
import { checkDrafts, checkLooseLinks, checkOldLinks, checkStrays } from "./check-leftovers.ts";
import { checkClock, checkRoom } from "./check-machine.ts";
import { checkOrphans, checkPackages, checkPrefix } from "./check-packages.ts";
import { checkProfiles } from "./check-profiles.ts";
import { checkPrograms } from "./check-programs.ts";
import { checkDatabase, checkInterrupted, checkLock } from "./check-records.ts";
import { checkSearchPath, checkSharePath } from "./check-search-path.ts";
import { checkBlobs, checkUnneeded } from "./check-store.ts";
import type { Found } from "./finding.ts";
import { type DoctorContext, openPatient, type Patient } from "./patient.ts";

/** One thing that is looked at. */
interface Check {
  readonly title: string;
  /** Whether it means anything without the config, which says where things are and what they have to be. */
  readonly needsConfig: boolean;
  readonly look: (patient: Patient) => readonly Found[] | Promise<readonly Found[]>;
}

/** Everything that is looked at, in the order in which it is told. */
const CHECKS: readonly Check[] = [
  { title: "the configuration", needsConfig: false, look: checkConfiguration },
  { title: "variables", needsConfig: false, look: checkVariables },
  { title: "directories", needsConfig: false, look: checkDirectories },
  { title: "files", needsConfig: false, look: checkFiles },
  { title: "who may write", needsConfig: false, look: checkExposure },
  { title: "whose files they are", needsConfig: false, look: checkOwners },
  { title: "secrets", needsConfig: false, look: checkSecrets },
  { title: "the umask", needsConfig: false, look: checkUmask },
  { title: "the clock", needsConfig: false, look: checkClock },
  { title: "room", needsConfig: false, look: checkRoom },
  { title: "PATH", needsConfig: true, look: checkSearchPath },
  { title: "where man pages and completions are looked for", needsConfig: true, look: checkSharePath },
  { title: "the database", needsConfig: false, look: checkDatabase },
  { title: "other profiles", needsConfig: true, look: checkProfiles },
  { title: "the lock", needsConfig: false, look: checkLock },
  { title: "interrupted changes", needsConfig: true, look: checkInterrupted },
  { title: "the store", needsConfig: true, look: checkBlobs },
  { title: "what nothing needs", needsConfig: true, look: checkUnneeded },
  { title: "indexes", needsConfig: true, look: checkIndexes },
  { title: "indexes of other repositories", needsConfig: true, look: checkUnownedIndexes },
  { title: "packages", needsConfig: true, look: checkPackages },
  { title: "dependencies", needsConfig: true, look: checkDependencies },
  { title: "packages that nothing records", needsConfig: true, look: checkStrays },
  { title: "links that nothing records", needsConfig: true, look: checkLooseLinks },
  { title: "links in other bin directories", needsConfig: true, look: checkOldLinks },
  { title: "what was left unfinished", needsConfig: true, look: checkDrafts },
  { title: "the prefix of bottles", needsConfig: true, look: checkPrefix },
  { title: "programs", needsConfig: true, look: checkPrograms },
  { title: "repositories of packages", needsConfig: true, look: checkOrphans },
  { title: "environments", needsConfig: false, look: checkEnvironments },
];

/**
 * Looks at everything, and changes nothing. What cannot be looked at is a finding itself, and the rest is looked at all the same.
 *
 * @throws {PkgError} INTERRUPTED
 */
export async function examine(context: DoctorContext): Promise<readonly Found[]> {
  const patient = openPatient(context);
  const hasConfig = !context.troubles.some(({ code }) => code === "config-invalid");
  try {
    const found: Found[] = [];
    for (const check of CHECKS) {
      if (hasConfig || !check.needsConfig) addAll(found, await lookAt(patient, check));
    }
    return found;
  } finally {
    patient.close();
  }
}

async function lookAt(patient: Patient, { title, look }: Check): Promise<readonly Found[]> {
  try {
    return await look(patient);
  } catch (thrown) {
    const error = thrown instanceof PkgError ? thrown : foreignError(thrown);
    if (error === null || error.code === "INTERRUPTED") throw thrown;
    const cure = error.hint ?? "Mend that, then run `pkg doctor` again";
    return [{ code: "not-examined", subject: title, message: error.message, cure, mend: null }];
  }
}
