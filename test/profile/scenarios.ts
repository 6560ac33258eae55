import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { KEG_SCENARIO, type Scenario } from "./keg-scenario.ts";
import {
  type ProfileHome,
  place,
  placePackage,
  prepareDirectory,
  preparePackage,
  removePackage,
  type SamplePackage,
  script,
  storeMembers,
} from "./profile-home.ts";

const OLD: SamplePackage = {
  name: "x",
  version: "1",
  files: { x: script("x 1"), gone: script("gone 1") },
  links: { x: "x", gone: "gone" },
};
const NEW: SamplePackage = {
  name: "x",
  version: "2",
  files: { x: script("x 2"), fresh: script("fresh 2") },
  links: { x: "x", fresh: "fresh" },
};
const OTHER: SamplePackage = { name: "other", version: "1", files: { other: script("other") }, links: { y: "other" } };

/** It has the link `y` before `OTHER` takes it, and again when that goes. */
const FIRST: SamplePackage = { name: "first", version: "1", files: { first: script("first") }, links: { y: "first" } };

/** It takes the link that the update of `OLD` to `NEW` gives up. */
const TAKER: SamplePackage = {
  name: "taker",
  version: "1",
  files: { taker: script("taker") },
  links: { gone: "taker" },
};

/** Does the same as `NEW` when it is run. */
const TREE: SamplePackage = {
  name: "x",
  version: "2",
  files: {
    "bin/x": script("x 2"),
    "bin/fresh": "-> ../lib/deep/fresh",
    "lib/deep/fresh": script("fresh 2"),
    "lib/current": "-> deep",
    "lib/deep/er/data": "data",
  },
  links: { x: "bin/x", fresh: "bin/fresh", "@data/a/b/data": "lib/deep/er/data" },
};
const DIRECTORY = await prepareDirectory(TREE);
const OLD_TREE: SamplePackage = { ...TREE, files: { ...TREE.files, "bin/x": script("x 1") } };
const OLD_DIRECTORY = await prepareDirectory(OLD_TREE);

export const SCENARIOS = {
  install: {
    setUp: () => {},
    change: (home) => void placePackage(home, NEW),
  },
  update: {
    setUp: (home) => {
      placePackage(home, OTHER);
      placePackage(home, OLD);
      writeBeside(home);
      writeBeside(home, { gone: "edited", fresh: "in the way" });
    },
    change: (home) => void placePackage(home, NEW),
  },
  "forced install": {
    setUp: (home) => {
      placePackage(home, OTHER);
      writeFileSync(join(home.bin, "x"), script("x of a user"), { mode: 0o700 });
      symlinkSync("nowhere", join(home.bin, "fresh"));
      mkdirSync(join(home.share, "man"), { recursive: true });
      writeFileSync(join(home.share, "man/page"), "of a user");
    },
    change: (home) => {
      const links = { ...NEW.links, y: "x", "@data/man/page": "x" };
      placePackage(home, { ...NEW, links }, true);
    },
  },
  directory: {
    setUp: (home) => {
      placePackage(home, OTHER);
      placePackage(home, OLD);
      storeMembers(home, TREE);
    },
    change: (home) => void place(home, DIRECTORY.verified, DIRECTORY.draft, { force: false }),
  },
  "remove a directory": {
    setUp: (home) => {
      placePackage(home, OTHER);
      storeMembers(home, OLD_TREE);
      place(home, OLD_DIRECTORY.verified, OLD_DIRECTORY.draft, { force: false });
      writeBeside(home);
    },
    change: (home) => removeX(home),
  },
  "several at once": {
    setUp: (home) => {
      placePackage(home, FIRST);
      placePackage(home, OTHER, true);
      placePackage(home, OLD);
      preparePackage(home, TAKER);
    },
    change: (home) => {
      const other = home.installations.get("other");
      if (other === null) throw new Error("other is not installed");
      const changes = [NEW, TAKER].map((sample) => {
        const { verified, draft } = preparePackage(home, sample);
        return { kind: "place" as const, verified, installation: draft };
      });
      const results = home.profile.apply([...changes, { kind: "remove", installation: other }], { force: false });
      for (const result of results) if (result.kind === "failed") throw result.error;
    },
  },
  remove: {
    setUp: (home) => {
      placePackage(home, OTHER);
      writeFileSync(join(home.bin, "gone"), script("gone of a user"), { mode: 0o700 });
      placePackage(home, OLD, true);
    },
    change: (home) => removeX(home),
  },
  kegs: KEG_SCENARIO,
} as const satisfies Readonly<Record<string, Scenario>>;

const BESIDE = { notes: "notes", "var/data": "data" };

/** What a program may write beside its files, or people into them. */
function writeBeside({ packages, installations }: ProfileHome, files: Readonly<Record<string, string>> = BESIDE): void {
  const { directory } = installations.get("x") ?? { directory: "" };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(packages, directory, path)), { recursive: true });
    writeFileSync(join(packages, directory, path), content);
  }
}

function removeX(home: ProfileHome): void {
  const installation = home.installations.get("x");
  if (installation === null) throw new Error("x is not installed");
  removePackage(home, installation);
}

export type ScenarioName = keyof typeof SCENARIOS;

/** The state before the change, with the blobs that it needs. */
export function prepareScenario(home: ProfileHome, name: ScenarioName): void {
  mkdirSync(home.bin, { recursive: true });
  mkdirSync(home.packages, { recursive: true });
  SCENARIOS[name].setUp(home);
  preparePackage(home, NEW);
}
