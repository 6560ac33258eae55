import { lstatSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { PARTIAL_LIFE_MS } from "../base/limits.ts";
import { addAll } from "../base/many.ts";
import { hasEnded } from "../base/process-alive.ts";
import { removeUnneeded, unneededFiles } from "../blobs/unneeded.ts";
import type { Capabilities, Records } from "../capabilities/capabilities.ts";
import { neededByLocks } from "../declare/needed-by-locks.ts";
import { linkOrCopy, removeFile } from "../fs/atomic.ts";
import { privateDirectory } from "../fs/directories.ts";
import { SYMLINK_MODE } from "../fs/modes.ts";
import type { Digest } from "../oci/digest.ts";
import type { Installation, InstalledFile } from "../package/installation.ts";
import { packagePath, placesOf } from "../profile/places.ts";
import type { Found } from "./finding.ts";
import { fetchAgain } from "./mend-packages.ts";
import { namesIn } from "./names-in.ts";
import { obtainVersion } from "./obtain-version.ts";
import type { Patient } from "./patient.ts";

/** The bytes that the installed packages, and the versions that can be brought back, are made of. */
export async function checkBlobs(patient: Patient): Promise<readonly Found[]> {
  const { cap, records } = patient;
  // Whoever may only look has a store of their own, for what they run; the one that packages are placed from is not theirs to see.
  if (records === null || !cap.config.mayChange) return [];
  const found: Found[] = [];
  const own = new Set<Digest>();
  for (const item of records.installed) {
    for (const file of item.files) {
      if (own.has(file.digest)) continue;
      own.add(file.digest);
      const state = await records.blobs.examine(file.digest, cap.signal);
      if (state !== "ok") found.push(lost(patient, { item, file, state }));
    }
  }
  for (const version of records.kept) {
    const states = new Map<Digest, "ok" | "missing" | "damaged">();
    for (const { digest } of version.files) {
      if (!own.has(digest)) states.set(digest, await records.blobs.examine(digest, cap.signal));
    }
    const damaged = [...states].flatMap(([digest, state]) => (state === "damaged" ? [digest] : []));
    addAll(
      found,
      damaged.map((digest) => damagedVersion(patient, digest)),
    );
    if ([...states.values()].includes("missing")) found.push(incomplete(version));
  }
  return found;
}

interface Lost {
  readonly item: Installation;
  readonly file: InstalledFile;
  readonly state: "missing" | "damaged";
}

function lost({ records }: Patient, { item, file, state }: Lost): Found {
  const path = records?.blobs.pathOf(file.digest) ?? file.digest;
  const pinned = item.isPinned ? ", which is pinned," : "";
  return {
    code: state === "missing" ? "blob-missing" : "blob-damaged",
    subject: path,
    message: `the store holds ${state === "missing" ? "nothing" : "other bytes"} there, and ${item.name}${pinned} is made of it`,
    cure: `Run \`pkg install --reinstall ${item.name}\``,
    mend: { stage: "store", key: `blobs ${item.name}`, apply: (cap) => restock(cap, item.name) },
  };
}

/** Takes what is missing from the files that were placed, whose bytes are hashed; else the package is fetched again. */
async function restock(cap: Capabilities, name: string): Promise<void> {
  const { installations, blobs, withLock } = await cap.state();
  const item = installations.get(name);
  if (item === null) return;
  const places = placesOf(cap.config.paths, installations.prefix());
  const isWhole = await withLock(async () => {
    for (const file of item.files) {
      const path = packagePath(places, `${item.directory}/${file.path}`);
      if ((await blobs.reopen(file.digest, [], cap.signal)) === null && !(await take(cap, file, path))) return false;
    }
    return true;
  });
  if (!isWhole) await fetchAgain(cap, name);
}

async function take(cap: Capabilities, file: InstalledFile, path: string): Promise<boolean> {
  const { blobs } = await cap.state();
  const stats = lstatSync(path, { throwIfNoEntry: false });
  const target = blobs.pathOf(file.digest);
  if (file.mode === SYMLINK_MODE) {
    if (stats?.isSymbolicLink() !== true) return false;
    const intake = blobs.intake(cap.signal);
    await intake.add([Buffer.from(readlinkSync(path))], 0o644);
    await intake.finish();
  } else {
    if (stats?.isFile() !== true) return false;
    privateDirectory(dirname(target));
    linkOrCopy(path, target, stats.mode & 0o7777);
  }
  // Nothing stays in the store that is not what its name says.
  return (await blobs.reopen(file.digest, [], cap.signal)) !== null;
}

function damagedVersion({ records }: Patient, digest: Digest): Found {
  const path = records?.blobs.pathOf(digest) ?? digest;
  return {
    code: "blob-damaged",
    subject: path,
    message: "the store holds other bytes there, and a version that can be brought back is made of it",
    cure: `Run \`rm ${path}\``,
    mend: {
      stage: "store",
      key: `blob ${digest}`,
      apply: async (cap) => {
        const { blobs } = await cap.state();
        await blobs.reopen(digest, [], cap.signal);
      },
    },
  };
}

function incomplete(version: Installation): Found {
  const { name } = version;
  return {
    code: "kept-version-incomplete",
    subject: `${name} ${version.version}`,
    message: "it could be brought back, but the store does not hold all of it any more",
    cure: `\`pkg install ${name}@${version.version}\` fetches it again`,
    mend: {
      stage: "leftovers",
      key: `version ${name} ${version.version}`,
      apply: (cap) => obtainVersion(cap, version),
    },
  };
}

/** What nothing needs, and has not been touched for a week: processes that fetch do not need it either. */
export function checkUnneeded({ cap, records }: Patient): readonly Found[] {
  if (records === null || !cap.config.mayChange) return [];
  const partial = join(cap.config.paths.blobs, "partial");
  const files = [
    ...unneeded(cap, records),
    ...namesIn(partial).flatMap((name) =>
      isAbandoned(name) ? [{ kind: "partial", path: join(partial, name) } as const] : [],
    ),
  ];
  return files.map(({ kind, path }): Found => {
    const isBlob = kind === "blob";
    return {
      code: isBlob ? "blob-unneeded" : "partial-left",
      subject: path,
      message: isBlob
        ? "nothing needs it, and it was not touched for a week"
        : "a download was broken off, and not taken up again",
      cure: "Run `pkg clean`",
      mend: isBlob ? SWEEP : { stage: "leftovers", key: `remove ${path}`, apply: () => removeFile(path) },
    };
  });
}

function unneeded(cap: Pick<Capabilities, "config" | "now">, { installations }: Pick<Records, "installations">) {
  return unneededFiles({
    root: cap.config.paths.blobs,
    keep: installations.referencedDigests().union(neededByLocks(cap.config.paths).digests),
    gone: new Set(),
    untouchedSinceMs: cap.now() - PARTIAL_LIFE_MS,
  });
}

/** What another process, for another profile, may be about to use, stays. */
const SWEEP: Found["mend"] = {
  stage: "leftovers",
  key: "sweep",
  apply: async (cap) => {
    const state = await cap.state();
    await state.withLock(() => state.blobs.alone(() => removeUnneeded(unneeded(cap, state))));
  },
};

/** The draft of a process of this machine that has ended, and that no other takes up. */
function isAbandoned(name: string): boolean {
  const [, machine = "", pid = ""] = /^intake\.([0-9a-f]{8})-([0-9]{1,10})-[0-9a-f]+-[0-9]+$/.exec(name) ?? [];
  return machine !== "" && hasEnded(machine, pid);
}
