import { dirname } from "node:path";
import { DAY_MS } from "../base/duration.ts";
import { byteCount } from "../base/format-bytes.ts";
import { maxOf } from "../base/many.ts";
import { readIndexMeta } from "../repositories/known-version.ts";
import { CLOCK_SKEW_MS } from "../verify/index-freshness.ts";
import type { Found } from "./finding.ts";
import type { Patient } from "./patient.ts";

/** No program of today runs before this. */
const EARLIEST_MS = Date.UTC(2025, 0, 1);
/** Longer than anybody leaves a home alone. */
const LONGEST_REST_MS = 20 * 365 * DAY_MS;
const LEAST_BYTES = 200 * 1024 * 1024;
const LEAST_FILES = 1000;

/** A clock that contradicts what is recorded, or the indexes. */
export function checkClock({ cap, records }: Patient): readonly Found[] {
  const now = cap.now();
  const issued = cap.config.repositories.flatMap(({ name }) => {
    const trust = readIndexMeta(cap.indexes, name)?.trust;
    return trust == null ? [] : [{ what: `the index of ${name} was issued`, ms: trust.issuedMs }];
  });
  const made = (records?.installed ?? []).map(({ name, installedAt }) => ({
    what: `${name} was installed`,
    ms: Date.parse(installedAt),
  }));
  const later = [...issued, ...made].find(({ ms }) => ms > now + CLOCK_SKEW_MS);
  if (later !== undefined) return [wrong(now, `it is before ${later.what}, at ${moment(later.ms)}`)];
  if (now < EARLIEST_MS) return [wrong(now, "it is before this program was made")];
  const last = maxOf(
    made.map(({ ms }) => ms),
    EARLIEST_MS,
  );
  return now > last + LONGEST_REST_MS ? [wrong(now, `it is far after the last change, at ${moment(last)}`)] : [];
}

function wrong(now: number, why: string): Found {
  return {
    code: "clock-wrong",
    subject: moment(now),
    message: `the clock of this machine says so, and ${why}`,
    cure: "Set the clock, as with `timedatectl set-ntp true`",
    mend: null,
  };
}

function moment(ms: number): string {
  return new Date(ms).toISOString();
}

/** Room for what is installed next. */
export function checkRoom({ cap: { config }, machine }: Patient): readonly Found[] {
  const { paths } = config;
  const directories = new Set([dirname(paths.stateDatabase), paths.blobs, paths.packages, paths.prefix]);
  const found = [...directories].flatMap((path): readonly Found[] => {
    const { bytes, files } = machine.room(path);
    return [
      ...(bytes < LEAST_BYTES ? [low("disk-low", path, `only ${byteCount(bytes)} may still be written there`)] : []),
      ...(files < LEAST_FILES ? [low("files-low", path, `only ${files} more files can be made there`)] : []),
    ];
  });
  // Most of them are on one file system, which is told once.
  return [...new Map(found.toReversed().map((item) => [`${item.code} ${item.message}`, item])).values()].toReversed();
}

function low(code: "disk-low" | "files-low", subject: string, message: string): Found {
  return { code, subject, message, cure: "Free some space; `pkg clean` removes what nothing needs", mend: null };
}
