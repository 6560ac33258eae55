import type { Upload } from "./upload.ts";

/** How many uploads may be open, and how much they may hold. */
export interface UploadLimits {
  readonly maxUploads: number;
  readonly maxUploadsPerClient: number;
  /** Bytes of all unfinished uploads of one client. */
  readonly maxUnfinishedBytes: number;
  /** How long an upload without any bytes may be idle, in milliseconds. */
  readonly emptyUploadMs: number;
}

interface Entry {
  readonly upload: Upload;
  /** Who started it; see clientKey(). */
  readonly client: string;
}

/** The open uploads, and which of them have to go when there are too many: a client's own first, never a busy one. */
export class UploadTable {
  readonly #limits: UploadLimits;
  readonly #entries = new Map<string, Entry>();

  constructor(limits: UploadLimits) {
    this.#limits = limits;
  }

  get(id: string): Upload | null {
    return this.#entries.get(id)?.upload ?? null;
  }

  add(upload: Upload, client: string): void {
    this.#entries.set(upload.id, { upload, client });
  }

  delete(upload: Upload): void {
    this.#entries.delete(upload.id);
  }

  /**
   * The next upload that has to be cancelled before `client` may start another; null if there is room.
   *
   * @param now milliseconds since 1970
   * @returns "full" if there is no room, and nothing to cancel
   */
  nextToGo(client: string, now: number): Upload | "full" | null {
    const { maxUploads, maxUploadsPerClient, emptyUploadMs } = this.#limits;
    const all = [...this.#entries.values()];
    const forgotten = all.find(({ upload }) => upload.size === 0 && isIdle(upload, now - emptyUploadMs));
    if (forgotten !== undefined) return forgotten.upload;
    const own = all.filter((entry) => entry.client === client);
    if (own.length >= maxUploadsPerClient || this.#isOver(own)) return leastWorth(own, now) ?? "full";
    if (all.length < maxUploads) return null;
    return leastWorth(ofLargestClient(all), now) ?? leastWorth(all, now) ?? "full";
  }

  /** As nextToGo(), before an upload may grow, which itself stays. */
  nextToGoFor(upload: Upload, now: number): Upload | "full" | null {
    const client = this.#entries.get(upload.id)?.client;
    const own = [...this.#entries.values()].filter((entry) => entry.client === client);
    const others = own.filter((entry) => entry.upload !== upload && entry.upload.size > 0);
    // One alone is limited by what a body may be, and by the disk.
    if (others.length === 0 || !this.#isOver(own)) return null;
    return leastWorth(others, now) ?? "full";
  }

  #isOver(own: readonly Entry[]): boolean {
    return own.reduce((sum, { upload }) => sum + upload.size, 0) > this.#limits.maxUnfinishedBytes;
  }
}

function isIdle(upload: Upload, since: number): boolean {
  return !upload.isBusy && upload.touchedAt <= since;
}

/** One that nothing has arrived for, else the one that has been idle longest; null if all are busy. */
function leastWorth(entries: readonly Entry[], now: number): Upload | null {
  const idle = entries.map(({ upload }) => upload).filter((upload) => isIdle(upload, now));
  const order = (a: Upload, b: Upload) => Number(a.size > 0) - Number(b.size > 0) || a.touchedAt - b.touchedAt;
  return idle.toSorted(order)[0] ?? null;
}

function ofLargestClient(entries: readonly Entry[]): readonly Entry[] {
  const groups = [...Map.groupBy(entries, ({ client }) => client).values()];
  return groups.toSorted((a, b) => b.length - a.length)[0] ?? [];
}
