import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { completePublication } from "../../../src/commands/publish/init-questions.ts";
import { publishContext } from "../../publish/world.ts";
import { runPkg } from "../../support/run-pkg.ts";
import { staticProgram } from "../../support/static-program.ts";
import { tempHome } from "../../support/temp-home.ts";

const NOTHING = {
  ...{ reference: null, name: null, version: null, license: null, description: null, homepage: null, source: null },
  ...{ family: null, id: null, files: [], documents: [], provides: [] },
};

test("completePublication() asks again for an answer that will not do, and says why", async (t) => {
  const context = publishContext(t);
  writeFileSync(join(context.workingDirectory, "trurl"), staticProgram("trurl\n"));
  const answers: Readonly<Record<string, string[]>> = {
    Where: ["", "no reference", "ghcr.io/me/tools/trurl:latest", "ghcr.io/me/tools/trurl"],
    Version: ["1 0", "v1.0.0"],
    What: [""],
    License: ["GPL", "MIT"],
    Address: ["nowhere", "https://example.org/trurl"],
    Program: ["nothing-here", "trurl@linux/amd64"],
  };
  const notes: string[] = [];
  const typed = await completePublication(
    {
      ...context,
      emit: (event) => {
        if (event.kind !== "note") return;
        notes.push(event.message);
        assert.doesNotMatch(event.more?.join("\n") ?? "", /pkg init/);
      },
      report: {
        ...context.report,
        converses: true,
        prompt: async (question) => answers[question.split(/[ ,]/)[0] ?? ""]?.shift() ?? null,
      },
    },
    NOTHING,
    "pkg.json",
  );
  assert.partialDeepStrictEqual(typed, {
    ...{ reference: "ghcr.io/me/tools/trurl", version: "v1.0.0", license: "MIT" },
    ...{ source: "https://example.org/trurl", files: ["trurl@linux/amd64"] },
  });
  const reasons = [/has to be answered/, /no reference/, /"latest"/, /version/, /GPL/, /nowhere/, /nothing-here/];
  assert.equal(notes.length, reasons.length, notes.join("\n"));
  for (const [index, reason] of reasons.entries()) assert.match(notes[index] ?? "", reason);
});

test("completePublication() refuses what was typed before it asks anything", async (t) => {
  const context = publishContext(t);
  const report = { ...context.report, prompt: () => assert.fail("asked") };
  await assert.rejects(completePublication({ ...context, report }, { ...NOTHING, license: "GPL" }, "pkg.json"), {
    code: "PUBLISH_INVALID",
    message: /license is "GPL"/,
  });
});

test("completePublication() takes the guesses when there is nobody to ask", async (t) => {
  const context = publishContext(t);
  const report = { ...context.report, converses: false, prompt: () => assert.fail("asked") };
  const typed = await completePublication({ ...context, report }, NOTHING, "pkg.json");
  assert.deepEqual([typed?.version, typed?.reference], ["0.1.0", null]);
});

for (const stdin of ["", "ghcr.io/me/tools/trurl\n", "ghcr.io/me/too"]) {
  test(`pkg init writes nothing when the input ends after ${JSON.stringify(stdin)}`, async (t) => {
    const home = tempHome(t);
    writeFileSync(join(home, "trurl"), staticProgram("trurl\n"));
    const { code, stderr } = await runPkg(["init"], { home, terminal: true, stdin });
    assert.equal(code, 1, stderr);
    assert.match(stderr, /Nothing was written\n$/);
    assert.deepEqual(readdirSync(home), ["trurl"]);
  });
}
