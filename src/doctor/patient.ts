import type { Environment } from "../base/environment.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { roomsOver } from "../capabilities/open-state.ts";
import { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { unsoundIn } from "../package/sound-record.ts";
import { type Places, placesOf } from "../profile/places.ts";
import type { Database } from "../state/database.ts";
import type { Generations } from "../state/generations.ts";
import { openPicture } from "../state/picture.ts";
import type { Machine } from "./machine.ts";

/** What is known before anything is looked at. */
export interface DoctorContext {
  readonly cap: Capabilities;
  readonly env: Environment;
  readonly machine: Machine;
  /** Why the config cannot be read, and what of it and of the variables is wrong. */
  readonly troubles: readonly {
    readonly code: "config-invalid" | "variable-wrong";
    readonly message: string;
    readonly cure: string;
  }[];
}

/** What is recorded, in a picture of the database: nothing is written to look at it. */
export interface PatientRecords extends Omit<ReturnType<typeof roomsOver>, "profile"> {
  readonly database: Database;
  readonly profile: Pick<ReturnType<typeof roomsOver>["profile"], "verify" | "damage" | "strays">;
  readonly installed: readonly Installation[];
  /** What could be brought back, one of each version. */
  readonly kept: readonly Installation[];
  readonly places: Places;
}

/** What may be looked at. */
export interface Patient extends DoctorContext {
  /** Null: they cannot be read, which is `unreadable`. */
  readonly records: PatientRecords | null;
  readonly unreadable: PkgError | null;
}

/** Takes a picture of what is recorded, as far as that can be read. */
export function openPatient(context: DoctorContext): Patient & { close(): void } {
  const { config, retry } = context.cap;
  let database: Database | null = null;
  try {
    database = openPicture(config.paths.stateDatabase, config.paths.sharedDatabase);
    const rooms = roomsOver(database, { ...config, emit: () => {}, retry: retry.policy });
    const installed = rooms.installations.list();
    // A table that is damaged shows itself when it is read.
    rooms.journal.open();
    const kept = keptVersions(rooms.generations);
    for (const item of [...installed, ...kept]) expectSound(item);
    const places = placesOf(config.paths, rooms.installations.prefix());
    const opened = database;
    return {
      ...context,
      records: { ...rooms, database, installed, kept, places },
      unreadable: null,
      close: () => opened.close(),
    };
  } catch (error) {
    database?.close();
    const unreadable = readError(error);
    if (unreadable === null) throw error;
    return { ...context, records: null, unreadable, close: () => {} };
  }
}

function keptVersions(generations: Generations): readonly Installation[] {
  const editions = generations.list().flatMap(({ changes }) => changes.flatMap(({ before, after }) => [before, after]));
  const ids = new Set(editions.flatMap((edition) => edition?.id ?? []));
  const versions = [...ids].map((id) => generations.edition(id));
  return [...new Map(versions.map((each) => [`${each.name} ${each.version}`, each])).values()];
}

function expectSound(item: Installation): void {
  const unsound = unsoundIn(item);
  if (unsound === null) return;
  throw new PkgError(
    "DATABASE_INVALID",
    `Cannot use what is recorded of ${item.name}: "${unsound}" is not what pkg records`,
  );
}

/** What a damaged row makes of the code that decodes it is no PkgError. */
function readError(error: unknown): PkgError | null {
  if (error instanceof PkgError) return error.code === "INTERRUPTED" ? null : error;
  if (!(error instanceof Error)) return null;
  return new PkgError("DATABASE_INVALID", `Cannot read what is recorded: ${error.message}`, { cause: error });
}
