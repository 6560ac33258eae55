import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { skipWithout } from "../support/docker-registry.ts";
import { compileLoader, prefixOf, publicDirectory } from "./built.ts";
import { machineFiles } from "./elf-sources.ts";
import { tryElf } from "./elf-trial.ts";

/** How many of this machine's files are tried; `npm run elf-files` tries more, and says what was refused. */
const FILES = Number(process.env["PKG_TEST_ELF_FILES"] ?? 10);
const skip = skipWithout("gcc", "patchelf", "readelf", "strip");

suite("relocateElf() moves this machine's own files", { skip }, () => {
  if (skip !== false) return;
  const [prefixes, loader] = [[prefixOf({ after }, 12), prefixOf({ after }, 60)], compileLoader({ after })];
  for (const original of machineFiles(FILES)) {
    test(original, async (t) => {
      const outcome = await tryElf({ original, variant: "as it is", directory: publicDirectory(t), prefixes, loader });
      assert.ok(["passed", "unchanged", "not patchable"].includes(outcome.result), JSON.stringify(outcome));
    });
  }
});
