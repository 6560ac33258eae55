import type { Bottle } from "./bottle.ts";
import { kegVersion, PINNED, type SampleFormula } from "./sample-formula.ts";

/** The formulae of the world, but for their bottles. */
const FORMULAE: readonly SampleFormula[] = [
  {
    name: "greet",
    version: "1.2.0",
    revision: 1,
    description: "Says hello in three ways",
    homepage: "https://greet.example",
    license: "MIT",
    dependencies: ["libsalute", "libhail"],
    usesFromMacos: ["shade"],
    buildDependencies: ["scripty"],
    executables: ["greet"],
    aliases: ["hello"],
    oldNames: ["greeting"],
    cellar: ":any",
  },
  {
    name: "greet@1",
    version: "1.0.9",
    description: "Says hello in one way",
    executables: ["greet"],
    kegOnly: ":versioned_formula",
  },
  { name: "libsalute", version: "1.0", description: "Salutes, in C", cellar: ":any" },
  { name: "libhail", version: "2.1", description: "Hails, in C++", executables: ["hail-config"], cellar: PINNED },
  {
    name: "shade",
    version: "3.0",
    description: "Casts a shade",
    executables: ["shade", "umbra"],
    kegOnly: "it would hide the shade of the system",
  },
  { name: "cyc-a", version: "1.0", description: "Needs cyc-b", dependencies: ["cyc-b"], executables: ["cyc-a"] },
  { name: "cyc-b", version: "1.0", description: "Needs cyc-a", dependencies: ["cyc-a"], executables: ["cyc-b"] },
  {
    name: "scripty",
    version: "0.3",
    rebuild: 2,
    description: "Scripts and texts with paths in them",
    dependencies: ["shade"],
    executables: ["scripty", "scripty-sh", "scripty-twin", "scripty-link"],
    caveats: "Its settings are in\n  $HOMEBREW_PREFIX/etc/scripty.conf\n",
    postInstallSteps: [
      { type: "mkdir_p", path: { path: "scripty/cache", base: "var" } },
      { type: "write", path: { path: "scripty/written", base: "var" }, content: "written\n" },
      {
        type: "symlink",
        source: { path: "{{etc}}/scripty.conf" },
        target: { path: "{{var}}/scripty/conf" },
        overwrite: true,
      },
      { type: "run", command: { path: "scripty-sh", base: "bin" }, args: [] },
    ],
  },
  {
    name: "allpkg",
    version: "2024.1",
    description: "The same on every platform",
    executables: ["allpkg"],
    isForAll: true,
  },
  { name: "nobottle", version: "1.0", description: "Has no bottle here", dependencies: ["greet"] },
  {
    name: "olddep",
    version: "0.9",
    description: "Nobody looks after it",
    executables: ["olddep"],
    deprecated: { date: "2025-01-31", because: ":unmaintained" },
  },
  {
    name: "gone",
    version: "0.1",
    description: "Cannot be used any more",
    executables: ["gone"],
    disabled: { date: "2025-06-30", because: "it phones home" },
  },
];

/** The formulae of the world, each with the digest of its bottle. */
export function formulaeOf(bottles: readonly Bottle[]): readonly SampleFormula[] {
  return FORMULAE.map((formula) => withBottle(formula, bottles));
}

/** The formula of a bottle that was made of another version of it. */
export function newerGreet(bottles: readonly Bottle[]): SampleFormula {
  const [greet] = FORMULAE;
  if (greet === undefined) throw new Error("greet is the first one");
  const { revision: _, ...facts } = greet;
  return withBottle({ ...facts, version: "1.3.0" }, bottles);
}

function withBottle(formula: SampleFormula, bottles: readonly Bottle[]): SampleFormula {
  const version = kegVersion(formula);
  const sha256 = bottles.find((bottle) => bottle.name === formula.name && bottle.version === version)?.sha256;
  return sha256 === undefined ? formula : { ...formula, sha256 };
}

/** What `greet` brings along, and itself. */
export const GREET_CLOSURE = ["greet", "libhail", "libsalute", "shade"];
