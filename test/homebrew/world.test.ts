import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { readFormulaIndex } from "../../src/index/homebrew/document.ts";
import { repositoryOf, tagOf } from "../../src/index/homebrew/names.ts";
import { openJws } from "../../src/verify/jws.ts";
import { SKIP_BOTTLES } from "./compile.ts";
import { seal, TEST_KEY } from "./envelope.ts";
import { internalIndex, publicIndex } from "./formula-index.ts";
import { makeHomebrewWorld } from "./homebrew-world.ts";
import { kegVersion, TAG } from "./sample-formula.ts";
import { formulaeOf } from "./sample-formulae.ts";
import { deepClosure, manyFormulae, ring } from "./synthetic.ts";

suite("the world of bottles", () => {
  test("describes the same formulae in both forms of the index", () => {
    const formulae = formulaeOf([]);
    const [internal, published] = [internalIndex(formulae), publicIndex(formulae)].map((payload) => {
      const read = readFormulaIndex(openJws(seal(payload), { keys: [TEST_KEY], task: "read" }), TAG);
      assert.deepEqual(read.skipped, []);
      // The public form has no steps.
      return read.formulae.map((formula) => ({ ...formula, postInstall: formula.postInstall.kind === "none" }));
    });
    assert.deepEqual(internal, published);
    assert.equal(internal?.length, formulae.length);
  });

  test("has bottles where the index says that they are", { skip: SKIP_BOTTLES }, async (t) => {
    const { formulae, registryUrl } = await makeHomebrewWorld(t);
    const installable = formulae.filter(({ sha256 }) => sha256 !== undefined);
    assert.equal(installable.length, formulae.length - 1);
    for (const formula of installable) {
      const base = `${registryUrl}/v2/${repositoryOf(formula.name)}`;
      const blob = await fetch(`${base}/blobs/sha256:${formula.sha256}`);
      assert.equal(blob.status, 200, formula.name);
      const tag = tagOf(kegVersion(formula), formula.rebuild ?? 0);
      const index = await fetch(`${base}/manifests/${tag}`, { headers: { accept: "*/*" } });
      assert.match(await index.text(), new RegExp(`"sh.brew.bottle.digest":"${formula.sha256}"`));
    }
  });

  test("has formulae as large as they really are, a deep closure, and a ring", () => {
    const payload = internalIndex([...manyFormulae(840), ...deepClosure(200), ...ring(50)]);
    assert.deepEqual(readFormulaIndex(payload, TAG).skipped, []);
    const bytes = internalIndex(manyFormulae(840)).length;
    assert.ok(bytes > 1.2e6 && bytes < 1.8e6, `${bytes} bytes`);
  });
});
