import { lstatSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { variable } from "../base/environment.ts";
import { querySecrets } from "../base/secret-patterns.ts";
import { homeExposures } from "../config/home-exposures.ts";
import { allowances } from "../declare/allowances.ts";
import { lookupDirectory } from "../environments/lookup.ts";
import { canonicalPath } from "../fs/canonical-path.ts";
import { directoryExposure, type Exposure, exposureOf } from "../fs/exposure.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { changeMode, changeOwner } from "../fs/through-handle.ts";
import type { Found } from "./finding.ts";
import { namesIn } from "./names-in.ts";
import type { Patient } from "./patient.ts";

const OTHERS_WRITE = 0o022;
const OTHERS_READ = 0o077;
const OWNER_BITS = 0o700;
const OWNER_FILE_BITS = 0o600;
const OWNER_READS = 0o400;
const PLACED_DIRECTORY = 0o755;
const MAX_CREDENTIAL_BYTES = 1024 * 1024;

/** The directories of a home, and what records it. */
function directoriesOf({ cap: { config } }: Patient): readonly string[] {
  const { paths } = config;
  const { packages, prefix, blobs, environments, pouredEnvironments, index, keys, bin, namedProfiles } = paths;
  return [
    ...new Set([
      dirname(paths.stateDatabase),
      ...[lookupDirectory(paths), allowances(paths), namedProfiles],
      ...[packages, prefix, blobs, environments, pouredEnvironments, index, keys, bin],
      ...["sha256", "sha512", "partial"].map((name) => join(blobs, name)),
    ]),
  ];
}

/** What others may write, and so may decide what is run. */
export function checkExposure(patient: Patient): readonly Found[] {
  const { paths } = patient.cap.config;
  const found = [...homeExposures(paths), exposureOf(paths.bin), exposureOf(paths.stateDatabase)];
  const byPath = new Map(found.flatMap((exposure) => (exposure === null ? [] : [[exposure.path, exposure] as const])));
  const above = directoriesAbove([dirname(paths.stateDatabase), paths.bin]).flatMap(replaceable);
  return [...above, ...exposedIn([...byPath.values()])];
}

/** Whoever may write to a directory above may put another one in the place of the home. What is outside of it is not changed. */
function replaceable(path: string): readonly Found[] {
  const exposure = directoryExposure(path);
  // The groups that a system lets write to its own directories are its business.
  if (exposure === null || !exposure.isCertain || !/may write/.test(exposure.problem)) return [];
  const message = `${exposure.problem}, and so put something else in the place of what is below it`;
  return [{ code: "open-to-others", subject: path, message, cure: exposure.cure, mend: null }];
}

function directoriesAbove(paths: readonly string[]): readonly string[] {
  const above = new Set<string>();
  for (const path of paths) {
    for (let parent = dirname(path); !above.has(parent) && parent !== path; parent = dirname(parent)) above.add(parent);
  }
  return [...above].filter((path) => !paths.includes(path));
}

function exposedIn(exposures: readonly Exposure[]): readonly Found[] {
  return exposures.map(({ path, problem, cure }) => ({
    code: "open-to-others",
    subject: path,
    message: problem,
    cure,
    mend: /may write/.test(problem) ? chmod(path, (mode) => mode & ~OTHERS_WRITE) : null,
  }));
}

/** Directories that their owner may not use, and what is there instead of one. */
export function checkDirectories(patient: Patient): readonly Found[] {
  return directoriesOf(patient).flatMap((path): readonly Found[] => {
    const entry = statsOf(path, lstatSync);
    const stats = statsOf(path, statSync);
    if (entry !== null && stats?.isDirectory() !== true) {
      const message = stats === null ? "it is a link that leads nowhere" : "it is a file, expected a directory";
      return [{ code: "directory-blocked", subject: path, message, cure: "Move it away", mend: null }];
    }
    if (stats === null || (stats.mode & OWNER_BITS) === OWNER_BITS) return [];
    return [
      {
        code: "not-writable",
        subject: path,
        message: `its owner may not use it (mode ${octal(stats.mode)})`,
        cure: `Run \`chmod u+rwx ${path}\``,
        mend: chmod(path, (mode) => mode | OWNER_BITS),
      },
    ];
  });
}

/** Files of this program that their owner may not use: the records, and below the packages and the store what was placed. */
export function checkFiles({ cap: { config } }: Patient): readonly Found[] {
  const { stateDatabase, lockDatabase, configFile, packages, blobs, index } = config.paths;
  const own = [stateDatabase, `${stateDatabase}-wal`, lockDatabase, configFile];
  const placed = [packages, blobs, index].flatMap((root) => below(root));
  return [
    ...own.filter((path) => isClosed(path, OWNER_FILE_BITS)).map((path) => closed(path, OWNER_FILE_BITS)),
    ...placed
      .filter((path) => isClosed(path, OWNER_READS))
      .map((path) => {
        if (statsOf(path, lstatSync)?.isDirectory() !== true) return closed(path, OWNER_READS);
        // Directories of packages are open to readers, whoever may enter the home.
        return closed(path, path.startsWith(packages) ? PLACED_DIRECTORY : OWNER_BITS);
      }),
  ];
}

function closed(path: string, bits: number): Found {
  return {
    code: "not-writable",
    subject: path,
    message: "its owner may not use it",
    cure: `Run \`chmod ${(bits & OWNER_BITS) === OWNER_BITS ? "u+rwx" : "u+rw"} ${path}\``,
    mend: chmod(path, (mode) => mode | bits),
  };
}

function isClosed(path: string, bits: number): boolean {
  const stats = statsOf(path, lstatSync);
  if (stats === null || stats.isSymbolicLink()) return false;
  const needed = stats.isDirectory() ? OWNER_BITS & ~0o200 : bits;
  return (stats.mode & needed) !== needed;
}

/** Secrets that other users may read: keys, credentials, and tokens in the config. */
export function checkSecrets({ cap: { config } }: Patient): readonly Found[] {
  const { keys, configFile } = config.paths;
  const secretKeys = namesIn(keys).filter((name) => name.endsWith(".key"));
  const hasToken = querySecrets(config.fileText).length > 0;
  const files = [
    ...secretKeys.map((name) => ({ path: join(keys, name), what: "a secret key" })),
    ...config.credentials.files.filter(holdsSecret).map((path) => ({ path, what: "credentials" })),
    ...(hasToken ? [{ path: configFile, what: "a token in an address" }] : []),
  ];
  return files.flatMap(({ path, what }): readonly Found[] => {
    const stats = statsOf(path, statSync);
    if (stats?.isFile() !== true || (stats.mode & OTHERS_READ) === 0) return [];
    return [
      {
        code: "secret-readable",
        subject: path,
        message: `it holds ${what}, and others may open it (mode ${octal(stats.mode)})`,
        cure: `Run \`chmod go-rwx ${path}\``,
        mend: chmod(path, (mode) => mode & ~OTHERS_READ),
      },
    ];
  });
}

/** A file that only names helpers, or nothing, may be read by everybody. */
function holdsSecret(path: string): boolean {
  try {
    const text = readLocalFileSync(path, { maxBytes: MAX_CREDENTIAL_BYTES }).toString("utf8");
    return /"(?:auth|password|identitytoken|registrytoken)"\s*:\s*"[^"]/.test(text);
  } catch {
    return false;
  }
}

/** What belongs to somebody else than the home does, as `sudo pkg` leaves it. */
export function checkOwners(patient: Patient): readonly Found[] {
  const { machine, env, cap } = patient;
  // It is root's, for everybody.
  if (cap.config.isSystem) return [];
  const home = dirname(cap.config.paths.stateDatabase);
  const own = variable(env, "HOME");
  const base = own !== null && `${home}/`.startsWith(`${own}/`) ? own : home;
  const owner = machine.user === 0 ? statsOf(base, statSync) : null;
  const user = machine.user === 0 ? (owner?.uid ?? 0) : machine.user;
  if (user === null || user === 0) return [];
  const { stateDatabase, lockDatabase, bin } = cap.config.paths;
  const files = ["", "-wal", "-shm"].map((ending) => stateDatabase + ending);
  const roots = directoriesOf(patient).filter((path) => path !== home && path !== bin);
  const foreign = [home, bin, ...files, lockDatabase, ...roots.flatMap((root) => [root, ...below(root)])].filter(
    (path) => {
      const stats = statsOf(path, lstatSync);
      return stats !== null && stats.uid !== user;
    },
  );
  const paths = [...new Set(foreign)];
  if (paths.length === 0) return [];
  const count = paths.length === 1 ? "1 file or directory" : `${paths.length} files and directories`;
  const mend = {
    stage: "access" as const,
    key: "owners",
    apply: () => {
      for (const path of paths) {
        changeOwner(join(canonicalPath(dirname(path)), basename(path)), { uid: user, gid: owner?.gid ?? user });
      }
    },
  };
  return [
    {
      code: "not-yours",
      subject: home,
      message: `${count} in it belong to another user, as "${paths[0]}" does`,
      cure: `Run \`sudo chown -R ${user} ${home}\``,
      mend: machine.user === 0 ? mend : null,
    },
  ];
}

/** Files that this process makes are open to whoever the umask lets in. */
export function checkUmask({ machine }: Patient): readonly Found[] {
  const umask = machine.umask();
  if (umask === null || (umask & 0o002) !== 0) return [];
  return [
    {
      code: "umask-open",
      subject: "umask",
      message: `it is ${umask.toString(8).padStart(4, "0")}, so every user may write to files that are made`,
      cure: "Type `umask 022`, and look where a start file of your shell sets another one",
      mend: null,
    },
  ];
}

function chmod(path: string, change: (mode: number) => number): Found["mend"] {
  return {
    stage: "access",
    key: `mode ${path}`,
    apply: () => changeMode(canonicalPath(path), change(statSync(path).mode) & 0o7777),
  };
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}

function statsOf(path: string, look: (path: string) => Stats): Stats | null {
  try {
    return look(path);
  } catch {
    return null;
  }
}

function below(root: string): readonly string[] {
  return namesIn(root).flatMap((name) => {
    const path = join(root, name);
    return statsOf(path, lstatSync)?.isDirectory() === true ? [path, ...below(path)] : [path];
  });
}
