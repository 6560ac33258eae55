import { randomInt } from "node:crypto";
import { after, test } from "node:test";
import { skipWithout } from "../support/docker-registry.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { startKillingProcess } from "./killed.ts";
import { RandomLife } from "./random-life.ts";

const OPERATIONS = Number(process.env["PKG_TEST_OPERATIONS"] ?? 500);
const CHECK_EVERY = process.env["PKG_TEST_CHECK_ALL"] === undefined ? 100 : 1;
const KILL_EVERY = 10;
const skip = skipWithout("gcc");
const killing = skip === false ? startKillingProcess({ after }) : null;

/** A home, and whether processes that change it are killed. */
interface Life {
  readonly seed: number;
  readonly isKilled: boolean;
}

/** Two that are the same each time, and one that is new; or those that somebody wants to see. */
function lives(): readonly Life[] {
  const wanted = process.env["PKG_TEST_SEEDS"]?.split(",").map(Number);
  if (wanted !== undefined) return wanted.flatMap((seed) => [false, true].map((isKilled) => ({ seed, isKilled })));
  return [
    { seed: 10, isKilled: false },
    { seed: 121612791, isKilled: true },
    { seed: randomInt(2 ** 31), isKilled: skip === false },
  ];
}

for (const { seed, isKilled } of lives()) {
  const what = isKilled ? ", with a SIGKILL in every tenth," : "";
  test(`${OPERATIONS} random operations${what} end in agreement, and each can be undone (seed ${seed})`, {
    skip: isKilled && skip,
  }, async (t) => {
    const life = new RandomLife(tempDirectory(t), seed);
    t.after(() => life.close());
    try {
      for (let count = 1; count <= OPERATIONS; count += 1) {
        await life.step(isKilled && count % KILL_EVERY === 0 ? killing : null);
        if (count % CHECK_EVERY === 0) await life.check();
      }
      await life.check();
    } catch (error) {
      t.diagnostic(life.log.slice(-40).join("\n"));
      throw error;
    }
    t.diagnostic(`${life.undone} undone, ${life.killed} killed before they ended`);
  });
}
