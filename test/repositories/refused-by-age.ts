import { makeKeySet } from "../support/signed-index.ts";
import { v1Entry } from "../support/v1-index.ts";
import { ABC, ELSEWHERE, GOOD, KEYS, type Refused, SECOND_FACTS, SETS, signed, third } from "./refused-publisher.ts";
import { NOW, type Served } from "./sync-world.ts";

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const { a, d, e, other } = KEYS;

/** Serials that were seen before. */
export const older: readonly Refused[] = [
  ...[6, 1].map((serial) => ({
    name: `serial ${serial} after 7`,
    served: signed({ serial }),
    code: "INDEX_ROLLED_BACK" as const,
    message: new RegExp(`has serial ${serial}, and 7 was seen before`),
  })),
  {
    name: "an older serial, issued anew",
    served: signed({ serial: 6, issuedMs: NOW + MINUTE_MS }),
    code: "INDEX_ROLLED_BACK",
    message: /has serial 6, and 7 was seen/,
  },
  {
    name: "an older serial by all of the keys",
    served: signed({ serial: 5 }, ABC),
    code: "INDEX_ROLLED_BACK",
    message: /has serial 5, and 7 was seen/,
  },
  {
    name: "an older serial under new keys that are rightly signed",
    served: signed({ serial: 4, keySets: [...SETS, third()] }, [d, e]),
    code: "INDEX_ROLLED_BACK",
    message: /has serial 4, and 7 was seen/,
  },
  ...Object.entries({
    "other packages": { packages: [v1Entry("tool", { version: "9" })] },
    "no packages": { packages: [] },
    "a later end": { expiresMs: NOW + 60 * DAY_MS },
    "another beginning": { issuedMs: NOW - MINUTE_MS },
    "an unknown member": { header: { note: "x" } },
    "further keys": { keySets: [...SETS, third({ keys: ABC, signers: ABC })] },
  }).map(([name, facts]) => ({
    name: `the pinned serial again with ${name}`,
    served: signed({ serial: 7, ...facts }),
    code: "INDEX_MISMATCH" as const,
    message: /two indexes have serial 7: expected digest "sha256:[0-9a-f]{64}", which was seen before/,
  })),
];

function expiredFor(ms: number): Served {
  return signed({ issuedMs: NOW - ms - DAY_MS, expiresMs: NOW - ms });
}

/** Indexes that contradict the clock. */
export const outOfTime: readonly Refused[] = [
  ...(
    [
      ["eleven minutes", 11 * MINUTE_MS],
      ["a day", DAY_MS],
      ["a year", 365 * DAY_MS],
    ] as const
  ).map(([name, ms]) => ({
    name: `expired for ${name}`,
    served: expiredFor(ms),
    code: "INDEX_EXPIRED" as const,
    message: /its index expired at 202\d-.*, and this machine's clock says 2026-03-01T12:00:00Z/,
  })),
  {
    name: "good for a month, and two are over",
    served: GOOD,
    clock: NOW + 60 * DAY_MS,
    code: "INDEX_EXPIRED",
    message: /expired at 2026-03-31T12:00:00Z, and this machine's clock says 2026-04-30/,
  },
  ...(
    [
      ["eleven minutes", 11 * MINUTE_MS],
      ["a day", DAY_MS],
      ["ten years", 3650 * DAY_MS],
    ] as const
  ).map(([name, ms]) => ({
    name: `issued in ${name}`,
    served: signed({ issuedMs: NOW + ms }),
    code: "CLOCK_WRONG" as const,
    message: /was issued at 20\d\d-.*, and this machine's clock says 2026-03-01T12:00:00Z/,
  })),
  {
    name: "an index that has expired, by a clock that was set back before the pinned one was issued",
    served: expiredFor(DAY_MS),
    clock: NOW - 1.5 * DAY_MS,
    code: "CLOCK_WRONG",
    message: /was issued at 2026-03-01T12:00:00Z, and this machine's clock says 2026-02-28T00:00:00Z/,
  },
  {
    name: "a clock that never was set",
    served: GOOD,
    clock: 0,
    code: "CLOCK_WRONG",
    message: /clock says 1970-01-01T00:00:00Z/,
  },
  ...(
    [
      ["401 days", 401 * DAY_MS],
      ["a second more than 400 days", 400 * DAY_MS + 1000],
      ["ten years", 3650 * DAY_MS],
    ] as const
  ).map(([name, ms]) => ({
    name: `good for ${name}`,
    served: signed({ expiresMs: NOW + ms }),
    code: "INDEX_INVALID" as const,
    message: /expires \d+ days after it was issued, expected at most 400/,
  })),
  ...(
    [
      ["at the moment it was issued", 0],
      ["before it was issued", -DAY_MS],
    ] as const
  ).map(([name, ms]) => ({
    name: `expiring ${name}`,
    served: signed({ expiresMs: NOW + ms }),
    code: "INDEX_INVALID" as const,
    message: /expires at .*, not after it was issued/,
  })),
];

/** Indexes that belong to somebody else. */
export const otherIdentity: readonly Refused[] = [
  ...[ELSEWHERE, "registry.example/me/indexes", "registry.example/me/Index", "registry.example/me/index/"].map(
    (repository) => ({
      name: `the index of ${repository} by the same keys`,
      served: signed({
        repository,
        keySets: [makeKeySet({ repository, keys: [a] }), makeKeySet({ ...SECOND_FACTS, repository })],
      }),
      code: "INDEX_MISMATCH" as const,
      message: new RegExp(`index is that of "${repository}", expected "registry\\.example/me/index", which is pinned`),
    }),
  ),
  {
    name: "another repository's index by its own keys",
    served: signed({ repository: ELSEWHERE, keySets: [makeKeySet({ repository: ELSEWHERE, keys: [other] })] }, [other]),
    code: "INDEX_MISMATCH",
    message: /is that of "registry\.example\/you\/index"/,
  },
];
