import { randomInt } from "node:crypto";
import { test } from "node:test";
import { tempDirectory } from "../support/temp-home.ts";
import { RandomLife } from "./random-life.ts";

const OPERATIONS = Number(process.env["PKG_TEST_OPERATIONS"] ?? 500);
const CHECK_EVERY = 50;
const SEEDS = [10, 121612791, randomInt(2 ** 31)];

for (const seed of SEEDS) {
  for (const isKilled of [false, true]) {
    const what = isKilled ? ", killed in every tenth" : "";
    test(`${OPERATIONS} random operations${what} end in agreement, and can be undone (seed ${seed})`, async (t) => {
      const life = new RandomLife(tempDirectory(t), seed);
      t.after(() => life.close());
      try {
        for (let count = 1; count <= OPERATIONS; count += 1) {
          await life.step({
            isKilled: isKilled && count % 10 === 0,
            isUndone: isKilled ? count % 10 === 0 : count % 2 === 0,
          });
          if (count % CHECK_EVERY === 0) await life.check();
        }
        await life.check();
      } catch (error) {
        t.diagnostic(life.log.slice(-40).join("\n"));
        throw error;
      }
      t.diagnostic(`${life.undone} undone and done again, ${life.killed} killed`);
    });
  }
}
