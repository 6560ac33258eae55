import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNamedSpec } from "../../src/package/spec.ts";
import { findCandidates, NO_LOOKUP } from "../../src/resolve/lookup.ts";

test("findCandidates() says that no repository is enabled, and which to enable", () => {
  assert.throws(() => findCandidates({ ...NO_LOOKUP, disabled: ["tools"] }, parseNamedSpec("jq@9")), {
    ...{ code: "PACKAGE_NOT_FOUND", message: 'Cannot find "jq@9": no repository is enabled' },
    hint: "Run `pkg repo enable tools`",
  });
});

test("findCandidates() suggests NAME:REPOSITORY for what was typed the wrong way round", () => {
  assert.throws(() => findCandidates({ ...NO_LOOKUP, disabled: ["tools"] }, parseNamedSpec("tools:jq")), {
    code: "REPOSITORY_UNKNOWN",
    hint: 'Did you mean "jq:tools"?',
  });
});
