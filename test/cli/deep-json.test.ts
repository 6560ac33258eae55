import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf } from "../../src/oci/digest.ts";
import { serve } from "../http/local-server.ts";
import { jsonOf, runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";

const NESTED = "[".repeat(100_000) + "]".repeat(100_000);
const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const CONFIG = `{"mediaType":"application/vnd.oci.empty.v1+json","size":2,"digest":"${digestOf(Buffer.from("{}"))}"}`;

/** Documents of a registry that are nested far deeper than a stack is. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  "a field that nobody knows": `{"schemaVersion":2,"mediaType":"${MANIFEST_TYPE}","config":${CONFIG},"layers":[],"x":${NESTED}}`,
  "a field that is checked": `{"schemaVersion":${NESTED},"mediaType":"${MANIFEST_TYPE}","config":${CONFIG},"layers":[]}`,
  "a size": `{"schemaVersion":2,"mediaType":"${MANIFEST_TYPE}","config":{"size":${NESTED}},"layers":[]}`,
  "the document itself": NESTED,
};

const COMMANDS: readonly (readonly string[])[] = [
  ["oci", "manifest", "fetch"],
  ["oci", "manifest", "inspect"],
  ["oci", "resolve"],
  ["oci", "pull"],
  ["oci", "tags"],
  ["install"],
];

test("a deeply nested document ends in an error with a code, and one document on stdout", async (t) => {
  for (const [name, document] of Object.entries(DOCUMENTS)) {
    const server = await serve(t, (request, response) => {
      const type = request.url?.includes("/tags/") === true ? "application/json" : MANIFEST_TYPE;
      response
        .writeHead(200, { "content-type": type })
        .end(request.url?.includes("/tags/") ? `{"tags":[${NESTED}]}` : document);
    });
    for (const words of COMMANDS) {
      await t.test(`${name}: ${words.join(" ")}`, async (t) => {
        const reference = `127.0.0.1:${server.port}/me/app${words.includes("tags") ? "" : ":1"}`;
        const { code, stdout, stderr } = await runPkg([...words, reference, "--json"], { home: tempHome(t) });
        assert.doesNotMatch(stderr, /bug in pkg|call stack/);
        assert.doesNotMatch(stdout, /BUG|call stack/);
        assert.equal(typeof jsonOf({ stdout }), "object");
        if (!words.includes("resolve")) assert.equal(code, 1);
      });
    }
  }
});

test("pkg oci manifest fetch --json prints numbers as they are written", async (t) => {
  const numbers = '{"exact": 9007199254740993, "one": 1.0, "large": 1e400, "__proto__": 2}';
  const document = `{"schemaVersion":2,"mediaType":"${MANIFEST_TYPE}","config":${CONFIG},"layers":[],"x":${numbers}}`;
  const server = await serve(t, (_request, response) =>
    response.writeHead(200, { "content-type": MANIFEST_TYPE }).end(document),
  );
  const words = ["oci", "manifest", "fetch", `127.0.0.1:${server.port}/me/app:1`, "--json"];
  const { code, stdout } = await runPkg(words, { home: tempHome(t) });
  assert.equal(code, 0);
  assert.ok(stdout.replaceAll(/\s+/g, " ").includes(numbers.replace("{", "{ ").replace("}", " }")), stdout);
});
