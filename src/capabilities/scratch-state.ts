import type { BlobStore } from "../blobs/blob-store.ts";
import type { Paths } from "../config/paths.ts";
import type { Digest } from "../oci/digest.ts";
import { placesOf } from "../profile/places.ts";
import { createProfile } from "../profile/profile.ts";
import { openInMemory } from "../state/database.ts";
import type { State } from "./capabilities.ts";
import { type RoomOptions, roomsOver } from "./open-state.ts";

/** A state of which nothing is ever written: what is placed by it is placed, and recorded nowhere. */
export interface ScratchState {
  readonly state: State;
  /** Blobs that it needs no more. Whether nobody else does, it cannot know. */
  readonly unwanted: ReadonlySet<Digest>;
  /** Removes a blob from the store. */
  discard(digest: Digest): void;
  close(): void;
}

/** Opens an empty state in memory, for packages that are placed at `paths`; its blobs are those of the store there. */
export function openScratchState(options: RoomOptions, paths: Paths): ScratchState {
  const database = openInMemory(paths.stateDatabase, Buffer.alloc(0));
  const { journal, installations, generations, blobs: store } = roomsOver(database, { ...options, paths });
  const unwanted = new Set<Digest>();
  const blobs: BlobStore = { ...store, remove: (digest) => unwanted.add(digest) };
  const profile = createProfile({ ...placesOf(paths), journal, installations, blobs });
  const state: State = {
    installations,
    generations,
    profile,
    blobs,
    forget: journal.forget,
    withLock: async (work) => work(),
  };
  return { state, unwanted, discard: store.remove, close: () => database.close() };
}
