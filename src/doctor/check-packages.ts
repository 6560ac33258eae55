import { addAll } from "../base/many.ts";
import { PkgError } from "../errors.ts";
import { reinstallHint } from "../install/reinstall-hint.ts";
import type { Installation } from "../package/installation.ts";
import { isOrphaned } from "../package/repository-owner.ts";
import { type MovedPrefix, movedHint, movedPrefix, movedText } from "../profile/prefix.ts";
import { otherOwner } from "../profile/prefix-owner.ts";
import type { Damage, VerifiedPath } from "../profile/profile.ts";
import type { Found, Mend } from "./finding.ts";
import { placeAgain } from "./mend-packages.ts";
import type { Patient } from "./patient.ts";

/** Hashes what is installed, and looks where its links lead. */
export async function checkPackages(patient: Patient): Promise<readonly Found[]> {
  const { cap, records } = patient;
  const installed = records?.installed ?? [];
  const totalBytes = installed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  cap.emit({ kind: "tasks-planned", tasks: installed.length, totalBytes });
  const found: Found[] = [];
  for (const item of installed) {
    cap.emit({ kind: "task-started", id: item.name, title: `check ${item.name}`, totalBytes: item.sizeBytes });
    const own = await checkOne(patient, item);
    cap.emit({ kind: "task-done", id: item.name, summary: own.length === 0 ? "ok" : "damaged" });
    addAll(found, own);
  }
  return found;
}

async function checkOne(patient: Patient, item: Installation): Promise<readonly Found[]> {
  const { cap, records } = patient;
  if (records === null) return [];
  const mend = placeAgain(item.name);
  const cure = `Run \`pkg update ${item.name}\`, or ${lowered(reinstallHint(item, cap.config))}`;
  try {
    const damage = records.profile.damage(item);
    const files = await records.profile.verify(item, cap.signal);
    const moved = files.every(({ state }) => state === "ok") ? null : movedIn(patient);
    return files.flatMap((file) => (file.state === "ok" ? [] : [problemOf(item, { file, damage, mend, cure, moved })]));
  } catch (error) {
    if (!(error instanceof PkgError) || error.code === "INTERRUPTED") throw error;
    return [{ code: "file-unreadable", subject: item.name, message: error.message, cure: error.hint ?? cure, mend }];
  }
}

interface Problem {
  readonly file: VerifiedPath;
  readonly damage: Damage;
  readonly mend: Mend;
  readonly cure: string;
  readonly moved: MovedPrefix | null;
}

function movedIn({ cap, records }: Patient): MovedPrefix | null {
  if (records === null) return null;
  const { prefix: configured, stateDatabase } = cap.config.paths;
  const poured = records.installations.prefix();
  return movedPrefix({ configured, poured, stateDatabase }, () => records.installed);
}

function problemOf(item: Installation, { file, damage, mend, cure, moved }: Problem): Found {
  const { path, state, expected, found } = file;
  const { keg, name } = item;
  if (keg !== null && expected === keg.prefix) return movedAway(item, path, moved);
  const isLink = expected !== undefined && !/^(?:sha256|sha512|mode )/.test(expected);
  if (state === "missing") {
    const isPlacedFile = item.files.some((other) => path.endsWith(`/${other.path}`) && path.includes(item.directory));
    const code = isPlacedFile ? "file-missing" : "link-missing";
    return { code, subject: path, message: `it was placed by ${name}, and is missing`, cure, mend };
  }
  if (damage.replaced.includes(path) && found === "directory") {
    const message = `${name} has a link there, and a directory has taken its place`;
    return {
      code: "link-replaced",
      subject: path,
      message,
      cure: `Move it away, then run \`pkg update ${name}\``,
      mend: null,
    };
  }
  if (damage.replaced.includes(path)) {
    return {
      code: "link-replaced",
      subject: path,
      message: `${name} has a link there, and something else has taken its place`,
      cure: `Move it away and run \`pkg update ${name}\`; \`pkg doctor --fix\` renames it, and \`pkg remove ${name}\` gives it back`,
      mend,
    };
  }
  const difference = `expected ${expected ?? "what was placed"}, found ${found ?? "something else"}`;
  return isLink
    ? { code: "link-changed", subject: path, message: `the link of ${name} leads elsewhere: ${difference}`, cure, mend }
    : { code: "file-changed", subject: path, message: `it is not as ${name} placed it: ${difference}`, cure, mend };
}

function movedAway({ name, keg }: Installation, path: string, moved: MovedPrefix | null): Found {
  return {
    code: "package-moved",
    subject: name,
    message: `it is in "${path}", and its files name "${keg?.prefix}", where it was poured`,
    cure: moved === null ? `Run \`pkg remove ${name}\`, then \`pkg install ${name}\`` : movedHint(moved),
    mend: null,
  };
}

/** What nothing updates any more, as its repository was removed. */
export function checkOrphans({ cap, records }: Patient): readonly Found[] {
  return (records?.installed ?? []).filter(isOrphaned).map((item) => ({
    code: "package-orphaned",
    subject: item.name,
    message: "nothing updates it",
    cure: reinstallHint(item, cap.config),
    mend: null,
  }));
}

/** A prefix that bottles are in and another home has, or that is another one than the config has. */
export function checkPrefix(patient: Patient): readonly Found[] {
  const { cap, records } = patient;
  const { stateDatabase } = cap.config.paths;
  if (records === null || !records.installed.some(({ keg }) => keg !== null)) return [];
  const { prefixDirectory } = records.places;
  const owner = otherOwner(prefixDirectory, stateDatabase);
  if (owner === null) return changedPrefix(movedIn(patient));
  return [
    {
      code: "prefix-foreign",
      subject: prefixDirectory,
      message: `it is of the home that "${owner}" records, and this one was copied from that`,
      cure: "Give this home another `prefix` in config.toml, and install its bottles again",
      mend: null,
    },
  ];
}

function changedPrefix(moved: MovedPrefix | null): readonly Found[] {
  if (moved === null || moved.isWithHome) return [];
  const [message, cure] = [movedText(moved), movedHint(moved)];
  return [{ code: "prefix-changed", subject: moved.configured, message, cure, mend: null }];
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
