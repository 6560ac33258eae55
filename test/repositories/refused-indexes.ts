import { older, otherIdentity, outOfTime } from "./refused-by-age.ts";
import { keyless, spoiled } from "./refused-by-content.ts";
import { rekeyedIndexes } from "./refused-by-keys.ts";
import { wronglySigned } from "./refused-by-signature.ts";
import type { Refused } from "./refused-publisher.ts";

/** Every index that must be refused. */
export const REFUSED: readonly Refused[] = [
  ...older,
  ...outOfTime,
  ...otherIdentity,
  ...wronglySigned,
  ...spoiled,
  ...rekeyedIndexes,
  ...keyless,
];
