import type { Capabilities } from "../capabilities/capabilities.ts";

/** The capabilities that bringing indexes up to date needs; functions below the operations take parts of it. */
export type SyncCapabilities = Pick<
  Capabilities,
  "config" | "emit" | "signal" | "now" | "network" | "retry" | "indexes" | "trust"
> & {
  /** True where all of it happens to copies, so that what is told is what would be. */
  readonly isRehearsal?: boolean;
};
