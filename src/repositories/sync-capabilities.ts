import type { Capabilities } from "../capabilities/capabilities.ts";

/** What bringing indexes up to date needs of the world; functions below the operations take parts of it. */
export type SyncCapabilities = Pick<
  Capabilities,
  "config" | "emit" | "signal" | "now" | "network" | "retry" | "indexes" | "trust"
>;
