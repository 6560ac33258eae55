import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startRegistry } from "../../src/registry/server.ts";
import { type TestImage, writeImages } from "../image/image-builder.ts";
import { runPkg } from "../support/run-pkg.ts";
import { staticProgram } from "../support/static-program.ts";
import { type Cleanup, tempDirectory, tempHome } from "../support/temp-home.ts";
import { examplesOf } from "./examples.ts";

const EXAMPLES = examplesOf(readFileSync(join(import.meta.dirname, "../../docs/container-images.md"), "utf8"));
const LABEL = "org.opencontainers.image.";

function uv(version: string): TestImage {
  const files = { uv: staticProgram(`uv ${version}\n`), uvx: staticProgram("uvx\n") };
  const labels = {
    [`${LABEL}version`]: version,
    [`${LABEL}description`]: "A package manager",
    [`${LABEL}licenses`]: "MIT",
    [`${LABEL}source`]: "https://example.com/uv",
  };
  return { layers: [{ files }], config: { Entrypoint: ["/uv"], Labels: labels } };
}

const TOOLBOX: TestImage = {
  layers: [
    { files: { "bin/sh": staticProgram("sh\n"), "bin/whisper": staticProgram("…"), "bin/shout": staticProgram("!") } },
  ],
  config: { Cmd: ["/bin/sh"] },
};

/** A registry with the images that the page names. */
async function startImages(t: Cleanup): Promise<string> {
  const registry = await startRegistry({ root: tempDirectory(t), port: 0 });
  t.after(() => registry.close());
  const { host } = new URL(registry.url);
  const [uvs, toolbox] = [join(tempDirectory(t), "uv"), join(tempDirectory(t), "toolbox")];
  writeImages(uvs, { latest: uv("0.9.2"), "0.9.2": uv("0.9.2"), "0.9.4": uv("0.9.4") });
  writeImages(toolbox, { latest: TOOLBOX });
  for (const tag of ["latest", "0.9.2", "0.9.4"]) await copy(t, `oci:${uvs}:${tag}`, `${host}/astral-sh/uv:${tag}`);
  await copy(t, `oci:${toolbox}:latest`, `${host}/me/toolbox:latest`);
  return host;
}

async function copy(t: Cleanup, from: string, to: string): Promise<void> {
  const { code, stderr } = await runPkg(["oci", "copy", from, to], { home: tempHome(t) });
  assert.equal(code, 0, stderr);
}

/** Test images are small. */
function withoutSize(text: string): string {
  return text.replaceAll(/^( {2}size +).*$/gm, "$1");
}

test("every line of docs/container-images.md does what the page says", async (t) => {
  const host = await startImages(t);
  let home = tempHome(t);
  for (const { code, printed, line } of EXAMPLES) {
    for (const typed of code.trimEnd().split("\n")) {
      // What is installed already is not what the page shows.
      if (typed.startsWith("pkg info") || typed.includes(":0.9.2")) home = tempHome(t);
      const result = await runPkg(typed.replaceAll("ghcr.io", host).split(" ").slice(1), { home });
      const told = `${result.stdout}${result.stderr}`.replaceAll(host, "ghcr.io");
      const isRefused = printed?.startsWith("error: ") === true;
      assert.equal(result.code, isRefused ? 1 : 0, `line ${line}: ${typed}\n${told}`);
      if (printed !== null && typed === code.trimEnd().split("\n").at(-1))
        assert.equal(withoutSize(told), withoutSize(printed), `line ${line}`);
    }
  }
});
