import assert from "node:assert/strict";
import { test } from "node:test";
import { hasPassed } from "../../src/obtain/stored-records.ts";
import type { Check, Policy } from "../../src/package/policy.ts";

const policy = (require: readonly Check[], skip: Policy["skip"] = []): Policy => ({
  ...{ require, keys: [], allowLegacy: false, provenance: null, skip },
});

test("what is recorded counts as long as it is all that is required now", () => {
  const recorded = (...checks: readonly Check[]) => ({ checks });
  assert(hasPassed(recorded("digest", "checksum"), policy(["digest"])));
  assert(!hasPassed(recorded("digest"), policy(["digest", "signature"])));
  assert(hasPassed(recorded("digest"), policy(["digest", "signature"], ["signature"])));
  assert(!hasPassed(recorded("digest", "provenance"), policy(["digest", "provenance"])));
});
