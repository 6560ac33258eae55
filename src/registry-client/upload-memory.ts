import type { Endpoint } from "./endpoints.ts";

/** How a blob is sent to a registry: in one request, or in chunks. */
export type UploadWay = "whole" | "chunks";

/** Remembers the way that worked with each registry, so that the next blob starts with it. */
export class UploadMemory {
  readonly #ways = new Map<string, UploadWay>();

  /** The way to start with; null: unknown. */
  wayOf({ base }: Endpoint): UploadWay | null {
    return this.#ways.get(base.href) ?? null;
  }

  remember({ base }: Endpoint, way: UploadWay): void {
    this.#ways.set(base.href, way);
  }
}
