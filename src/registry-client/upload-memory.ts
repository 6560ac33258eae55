import type { Endpoint } from "./endpoints.ts";

/** How a registry takes a blob: in one request, or in pieces. */
export type UploadWay = "whole" | "chunks";

/** What worked with each registry, so that the next blob begins with it. */
export class UploadMemory {
  readonly #ways = new Map<string, UploadWay>();

  /** Null: it is not known. */
  wayOf({ base }: Endpoint): UploadWay | null {
    return this.#ways.get(base.href) ?? null;
  }

  remember({ base }: Endpoint, way: UploadWay): void {
    this.#ways.set(base.href, way);
  }
}
