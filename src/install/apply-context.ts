import type { EmitEvent } from "../base/events.ts";
import type { State } from "../capabilities/capabilities.ts";
import type { ShareSettings } from "../package/holdings.ts";
import type { NameConfig } from "./name-concerns.ts";

/** What applying a plan needs. */
export interface ApplyContext {
  readonly state: State;
  readonly names: NameConfig;
  /** What of packages is linked in the data directory. */
  readonly share: ShareSettings;
  readonly emit: EmitEvent;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
