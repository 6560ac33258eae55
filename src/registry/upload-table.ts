import type { Upload } from "./upload.ts";

/** How many uploads may be open, and how much they may hold. */
export interface UploadLimits {
  readonly maxUploads: number;
  readonly maxUploadsPerClient: number;
  /** Bytes of all unfinished uploads of one client. */
  readonly maxUnfinishedBytes: number;
  /** How long an upload without any bytes may be idle, in milliseconds. */
  readonly emptyUploadMs: number;
  /** From this age on, in milliseconds, a body has to have brought at least `minBytesPerSecond` to count as busy. */
  readonly slowMs: number;
  readonly minBytesPerSecond: number;
}

interface Entry {
  readonly upload: Upload;
  /** Who started it; see clientKey(). */
  readonly client: string;
}

/** The open uploads, and which of them have to go when there are too many: a client's own first, never one that moves. */
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
    if (own.length >= maxUploadsPerClient || this.#isOver(own)) return this.#leastWorth(own, now) ?? "full";
    if (all.length < maxUploads) return null;
    return this.#leastWorth(ofLargestClient(all), now) ?? this.#leastWorth(all, now) ?? "full";
  }

  /** As nextToGo(), before an upload may grow, which itself stays. */
  nextToGoFor(upload: Upload, now: number): Upload | "full" | null {
    const client = this.#entries.get(upload.id)?.client;
    const own = [...this.#entries.values()].filter((entry) => entry.client === client);
    const others = own.filter((entry) => entry.upload !== upload && entry.upload.size > 0);
    // One alone is limited by what a body may be, and by the disk.
    if (others.length === 0 || !this.#isOver(own)) return null;
    return this.#leastWorth(others, now) ?? "full";
  }

  /** One that nothing has arrived for, else the one that has been idle longest, else the slowest; null if all move. */
  #leastWorth(entries: readonly Entry[], now: number): Upload | null {
    const uploads = entries.map(({ upload }) => upload);
    const idle = uploads.filter((upload) => isIdle(upload, now));
    const order = (a: Upload, b: Upload) => Number(a.size > 0) - Number(b.size > 0) || a.touchedAt - b.touchedAt;
    const age = (upload: Upload) => upload.pace(now)?.ms ?? 0;
    const slow = uploads.filter((upload) => this.#isSlow(upload, now)).toSorted((a, b) => age(b) - age(a));
    return idle.toSorted(order)[0] ?? slow[0] ?? null;
  }

  #isSlow(upload: Upload, now: number): boolean {
    const pace = upload.pace(now);
    const { slowMs, minBytesPerSecond } = this.#limits;
    return pace !== null && pace.ms >= slowMs && pace.bytes <= (minBytesPerSecond * pace.ms) / 1000;
  }

  #isOver(own: readonly Entry[]): boolean {
    return own.reduce((sum, { upload }) => sum + upload.size, 0) > this.#limits.maxUnfinishedBytes;
  }
}

function isIdle(upload: Upload, since: number): boolean {
  return !upload.isBusy && upload.touchedAt <= since;
}

function ofLargestClient(entries: readonly Entry[]): readonly Entry[] {
  const groups = [...Map.groupBy(entries, ({ client }) => client).values()];
  return groups.toSorted((a, b) => b.length - a.length)[0] ?? [];
}
