import assert from "node:assert/strict";
import { test } from "node:test";
import { textWidth } from "../../src/report/columns.ts";
import { makeSampleHome } from "../support/sample-home.ts";

const BEYOND_ASCII = /[^\0-\x7f]/;
const DESCRIPTION =
  "Caf\u00e9 – keeps every permission, owner and attribute that anybody ever asked for, and more of these";

test("pkg writes nothing but ASCII to a terminal whose locale is not UTF-8, and no line is too wide for it", async (t) => {
  const home = await makeSampleHome(t);
  const built = ["1.0.0", "1.1.0"].map((version) =>
    home.build({ name: "tool", version, entry: { description: DESCRIPTION } }),
  );
  await home.push(...built);
  home.publishIndex(...built);
  const C = { LANG: "en_US.UTF-8", LC_ALL: "C", TERM: "xterm" };
  for (const [line, expected] of [
    ["install tool@1.0.0", /^\+ tool 1\.0\.0 /m],
    ["search keeps", /^\* tool {3}1\.1\.0 {3}tools {3}Caf\\u\{e9\} - keeps .*\n .*\.\.\.$/m],
    ["reinstall tool --dry-run", /1\.0\.0 -> 1\.1\.0/],
    ["info tool --json", /"description": "Caf\\u00e9 \\u2013 keeps/],
    ["oci blob exists --help", /sha256:\.\.\.$/m],
    ["oci blob exists tool", /^(?:error|hint): /m],
  ] as const) {
    const { stdout, stderr } = await home.pkg(line.split(" "), { terminal: true, env: C });
    assert.match(stdout + stderr, expected, line);
    assert.doesNotMatch(stdout + stderr, BEYOND_ASCII, line);
    for (const shown of stdout.split("\n")) if (!line.endsWith("json")) assert.ok(textWidth(shown) <= 80, shown);
  }
  const piped = await home.pkg(["info", "tool"], { env: C });
  assert.match(piped.stdout, /Caf\u00e9 – keeps/, "what packages hold is data for whoever reads a pipe");
  assert.match((await home.pkg(["install", "tool@latest", "--dry-run"], { env: C })).stdout, /1\.0\.0 -> 1\.1\.0/);
});
