import assert from "node:assert/strict";
import { test } from "node:test";
import { planRemoval } from "../../src/install/plan-removal.ts";
import type { Installation } from "../../src/package/installation.ts";
import { sampleInstallation } from "../state/sample-installation.ts";

/** What is installed: `*` before what was asked for, and the names of what each needs. */
function installed(needs: Readonly<Record<string, readonly string[]>>) {
  const all = new Map<string, Installation>();
  for (const [word, dependencies] of Object.entries(needs)) {
    const name = word.replace("*", "");
    all.set(name, sampleInstallation(name, { dependencies, isDependency: name === word }));
  }
  return { get: (name: string) => all.get(name) ?? null, needs: () => [...all.values()] };
}

const CASES: readonly {
  readonly needs: Readonly<Record<string, readonly string[]>>;
  readonly named: readonly string[];
  readonly becomes: Readonly<Record<"removed" | "along" | "marked" | "refused", readonly string[]>>;
}[] = [
  {
    needs: { "*app": ["lib"], lib: ["base"], base: [] },
    named: ["app"],
    becomes: { removed: ["app"], along: ["lib", "base"], marked: [], refused: [] },
  },
  // What is needed only by something else that is named, and has to stay, stays as well.
  {
    needs: { "*app": ["lib"], "*lib": ["base"], "*base": ["low"], low: [] },
    named: ["lib", "base", "low"],
    becomes: { removed: [], along: [], marked: ["lib", "base"], refused: ["low"] },
  },
  {
    needs: { "*app": ["lib"], "*lib": ["base"], "*base": [] },
    named: ["app", "lib", "base"],
    becomes: { removed: ["app", "lib", "base"], along: [], marked: [], refused: [] },
  },
];
for (const { needs, named, becomes } of CASES) {
  test(`planRemoval() of ${named} where ${JSON.stringify(needs)}`, () => {
    const installations = installed(needs);
    const found = named.flatMap((name) => installations.get(name) ?? []);
    const plan = planRemoval(installations, found, { keepDependencies: false, force: false });
    const names = (list: readonly Installation[]) => list.map(({ name }) => name);
    const refused = plan.refused.map(({ installation }) => installation);
    assert.deepEqual(
      { removed: names(plan.removed), along: names(plan.along), marked: names(plan.marked), refused: names(refused) },
      becomes,
    );
  });
}
