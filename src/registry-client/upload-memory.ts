import type { Endpoint } from "./endpoints.ts";
import { OwnMounts } from "./own-mounts.ts";

/** How a blob is sent to a registry: in one request, or in chunks. */
export type UploadWay = "whole" | "chunks";

/** Remembers what worked with each registry, so that the next blob starts with it. */
export class UploadMemory {
  readonly ownMounts = new OwnMounts();
  readonly #ways = new Map<string, UploadWay>();

  /** The way to start with; null: unknown. */
  wayOf({ base }: Endpoint): UploadWay | null {
    return this.#ways.get(base.href) ?? null;
  }

  remember({ base }: Endpoint, way: UploadWay): void {
    this.#ways.set(base.href, way);
  }
}
