import type { Capabilities } from "../capabilities/capabilities.ts";

export type SyncCapabilities = Pick<
  Capabilities,
  "config" | "emit" | "signal" | "now" | "network" | "retry" | "indexes" | "trust"
>;
