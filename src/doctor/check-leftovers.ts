import { lstatSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { HOUR_MS } from "../base/duration.ts";
import { DEFAULT_PROFILE } from "../config/paths.ts";
import { removeTree } from "../fs/atomic.ts";
import { canonicalPath } from "../fs/canonical-path.ts";
import { otherOwner, PREFIX_MARK } from "../profile/prefix-owner.ts";
import { linksLeftIn, looseLinks } from "../profile/strays.ts";
import { isHeld } from "../state/lock-holder.ts";
import type { Found } from "./finding.ts";
import { install } from "./mend-packages.ts";
import { namesIn } from "./names-in.ts";
import type { Patient } from "./patient.ts";

/** Packages that are on the disk, and that nothing records. */
export function checkStrays({ cap, records }: Patient): readonly Found[] {
  if (records === null || isBusy({ cap, records })) return [];
  const strays = records.profile.strays();
  // What has links was asked for; the rest may come back with what needs it.
  const hasLinks = (path: string) => pathsIn(cap.config.paths.bin, /./).some((link) => leadsInto(link, path));
  return strays
    .toSorted((a, b) => Number(hasLinks(b)) - Number(hasLinks(a)))
    .map((path): Found => {
      const name = basename(dirname(path));
      const isInstalled = records.installations.get(name) !== null;
      return {
        code: "package-unrecorded",
        subject: path,
        message: `a package "${name}" was placed there, and nothing records it`,
        cure: `Install it again with \`pkg install ${isInstalled ? "--reinstall " : ""}${name}\`, which takes over what is there, or remove it with \`pkg remove --purge ${name}\``,
        mend: { stage: "packages", key: `stray ${path}`, apply: (mending) => takeOver(mending, { name, path }) },
      };
    });
}

/** By installing it, unless that was done already, with what needs it. */
async function takeOver(cap: Patient["cap"], { name, path }: { readonly name: string; readonly path: string }) {
  const { installations, profile } = await cap.records();
  if (profile.strays().includes(path)) await install(cap, name, installations.get(name) !== null);
}

function leadsInto(link: string, directory: string): boolean {
  try {
    return `${canonicalPath(link)}/`.startsWith(`${canonicalPath(directory)}/`);
  } catch {
    return false;
  }
}

/** Links that lead to nothing where packages are placed, and that nothing records. */
export function checkLooseLinks({ cap, records }: Patient): readonly Found[] {
  if (records === null || isBusy({ cap, records })) return [];
  return looseLinks(records.places, records.installations).map((path) => ({
    code: "link-loose",
    subject: path,
    message: "it leads to a package that is not there, and nothing records it",
    cure: `Run \`rm ${path}\``,
    mend: { stage: "leftovers", key: `remove ${path}`, apply: () => removeTree(path) },
  }));
}

/** Links that were made in a bin directory of before, and that nothing looks after any more. */
export function checkOldLinks({ cap, records }: Patient): readonly Found[] {
  if (records === null || isBusy({ cap, records })) return [];
  const { places, installed } = records;
  const { config } = cap;
  const current = canonicalPath(places.binDirectory);
  const usual = config.profile === DEFAULT_PROFILE ? [config.usualBin] : [];
  // On many systems /bin is /usr/bin.
  const others = Map.groupBy([...usual, ...config.searchPath], canonicalPath);
  return [...others]
    .flatMap(([real, [directory = real]]) => (real === current ? [] : linksLeftIn(places, directory, installed)))
    .map((path) => ({
      code: "link-left",
      subject: path,
      message: `it is a link of ours, and the bin directory is "${places.binDirectory}" now`,
      cure: `Run \`rm ${path}\``,
      mend: { stage: "leftovers", key: `remove ${path}`, apply: () => removeTree(path) },
    }));
}

/** Names that this program gives to what is not finished: staged packages, links and files before they are renamed. */
const DRAFT = /^\.pkg-(?:[0-9a-f]{6,}|draft|purge|clean)(?:-\d+(?:-old)?)?$/;
const FILE_DRAFT = /^\.(?:config\.toml|state\.db|lock\.db\.holder|[^/]+\.(?:key|pub|db))\.[0-9a-f]{16}\.(?:tmp|part)$/;

/** What killed processes have left, while nothing is at work and no change is to be finished. */
export function checkDrafts({ cap, records }: Patient): readonly Found[] {
  if (records === null || isBusy({ cap, records })) return [];
  const { packages, bin, index, keys, configFile, stateDatabase } = cap.config.paths;
  const { prefixDirectory } = records.places;
  // A home that was copied still names the prefix of the other one, which that one looks after.
  const prefixes = otherOwner(prefixDirectory, stateDatabase) === null ? [prefixDirectory] : [];
  const staged = [packages, ...prefixes]
    .flatMap((root) => pathsIn(root, DRAFT))
    .filter((path) => basename(path) !== PREFIX_MARK);
  // The bin directory is shared with whatever else the user has there.
  const drafts = [...staged, ...pathsIn(bin, DRAFT).filter(isLink)];
  const roots = new Set([index, keys, dirname(configFile), dirname(stateDatabase)]);
  // Indexes are fetched without the lock: a young one may be being written.
  const isOld = (path: string) =>
    cap.now() - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? cap.now()) >= HOUR_MS;
  const files = [...roots].flatMap((root) => pathsIn(root, FILE_DRAFT)).filter(isOld);
  return [...drafts, ...files].map((path) => ({
    code: "draft-left",
    subject: path,
    message: "a process that was killed has left it unfinished",
    cure: `Run \`rm -r ${path}\``,
    mend: { stage: "leftovers", key: `remove ${path}`, apply: (mending) => removeUnlessBusy(mending, path) },
  }));
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function isBusy({ cap, records }: { readonly cap: Patient["cap"]; readonly records: NonNullable<Patient["records"]> }) {
  return records.journal.open().length > 0 || isHeld(cap.config.paths.lockDatabase);
}

async function removeUnlessBusy(cap: Patient["cap"], path: string): Promise<void> {
  const state = await cap.state();
  await state.withLock(() => removeTree(path));
}

/** Absolute paths of what in a directory has such a name. */
function pathsIn(root: string, pattern: RegExp): readonly string[] {
  return namesIn(root)
    .filter((name) => pattern.test(name))
    .map((name) => join(root, name));
}
