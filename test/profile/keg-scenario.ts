import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { draftKeg, placePrepared, pour, type SampleKeg } from "./keg-home.ts";
import { type ProfileHome, script } from "./profile-home.ts";

/** A change to the profile, which is interrupted at each of its steps. */
export interface Scenario {
  /** The state before. */
  readonly setUp: (home: ProfileHome) => void;
  /** The change itself, in a process of its own. */
  readonly change: (home: ProfileHome) => void;
}

const X: SampleKeg = {
  name: "x",
  version: "1",
  files: { "bin/x": script("x 1"), "share/a": "x", "etc/d/same": "default 1", "etc/edited": "default 1" },
  links: ["bin/x", "share/a"],
  copies: ["etc/d/same", "etc/edited"],
  programs: ["x"],
};
/** Of the same version, so in the same directory. */
const X_REBUILT: SampleKeg = {
  ...X,
  files: { "bin/x": script("x 2"), "share/new/b": "x", "etc/d/same": "default 2", "etc/edited": "default 2" },
  links: ["bin/x", "share/new/b"],
};
const Y: SampleKeg = {
  name: "y",
  version: "1",
  files: { "share/a": "y", "etc/y": "y" },
  links: ["share/a"],
  copies: ["etc/y"],
};
/** It has the file `etc/y` no more, and gets the link `share/a`. */
const Y_NEXT: SampleKeg = { ...Y, version: "2", files: { "share/a": "y" }, copies: [] };
/** It holds what `W` wants. */
const Z: SampleKeg = {
  name: "z",
  version: "1",
  files: { "lib/z/z": "z", "etc/w": "z" },
  links: ["lib/z/z"],
  copies: ["etc/w"],
};
const W: SampleKeg = {
  name: "w",
  version: "1",
  files: { "lib/z/z": "w", "etc/w": "w" },
  links: ["lib/z/z"],
  copies: ["etc/w"],
};

const [BEFORE, AFTER] = [
  await Promise.all([X, Y, Z].map(draftKeg)),
  await Promise.all([X_REBUILT, Y_NEXT, W].map(draftKeg)),
];

/** Kegs that are replaced in their place, updated, placed and removed, with links and copies that pass from one to another. */
export const KEG_SCENARIO: Scenario = {
  setUp: (home) => {
    placePrepared(
      home,
      BEFORE.map((keg) => pour(home, keg)),
    );
    writeFileSync(join(home.prefix, "Cellar/x/1/notes"), "notes");
    writeFileSync(join(home.prefix, "etc/edited"), "mine");
    for (const keg of AFTER) pour(home, keg);
  },
  change: (home) => {
    const placed = AFTER.map((keg) => pour(home, keg)).map(({ verified, draft }) => ({
      kind: "place" as const,
      verified,
      installation: draft,
    }));
    const removed = home.installations.get("z");
    if (removed === null) throw new Error("z is not installed");
    const results = home.profile.apply([...placed, { kind: "remove", installation: removed }], { force: false });
    for (const result of results) if (result.kind === "failed") throw result.error;
  },
};
