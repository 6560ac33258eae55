import assert from "node:assert/strict";
import { test } from "node:test";
import { directoryLinks, linksFor, parseProvide } from "../../src/package/provides.ts";

const FORMS: Readonly<Record<string, ReturnType<typeof parseProvide>>> = {
  trurl: { program: "trurl", links: ["trurl"] },
  "gsan==getaltname": { program: "gsan", links: ["gsan", "getaltname"] },
  "neovim=>nvim": { program: "neovim", links: ["nvim"] },
  "chromium:ungoogled-chromium": { program: "chromium", links: ["chromium", "ungoogled-chromium"] },
  "@helper": { program: "helper", links: ["helper"] },
  "../x": null,
  "a=>../../.bashrc": null,
  "a==b/c": null,
  "a=>": null,
  "": null,
  "a=>-rf": null,
  "a\0b": null,
  "a==..": null,
};

for (const [text, expected] of Object.entries(FORMS)) {
  test(`parseProvide() reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseProvide(text), expected));
}

function links(name: string, provides: readonly string[], titles: readonly string[], main = name) {
  const decoded = provides.flatMap((text) => parseProvide(text) ?? []);
  return Object.fromEntries(
    linksFor({ name, main, provides: decoded }, titles).map(({ link, title }) => [link, title]),
  );
}

test("linksFor() links only what the artifact carries when provides lists a whole family", () => {
  assert.deepEqual(links("uncompress", ["gunzip", "gzip", "uncompress", "zcat"], ["uncompress", "CHECKSUM"]), {
    uncompress: "uncompress",
  });
});

test("linksFor() links every file of the artifact that is provided", () => {
  assert.deepEqual(links("stunnel", ["stunnel", "trurl", "@extra"], ["stunnel", "trurl", "extra"]), {
    stunnel: "stunnel",
    trurl: "trurl",
    extra: "extra",
  });
});

test("linksFor() keeps both names, or only the new one", () => {
  assert.deepEqual(links("helix", ["helix==hx"], ["helix"]), { helix: "helix", hx: "helix" });
  assert.deepEqual(links("neovim", ["neovim=>nvim"], ["neovim"]), { nvim: "neovim" });
});

test("linksFor() links the main file by the package's name when provides is silent", () => {
  assert.deepEqual(links("trurl", [], ["trurl"]), { trurl: "trurl" });
  assert.deepEqual(links("trurl", ["other"], ["trurl-linux"], "trurl-linux"), { trurl: "trurl-linux" });
});

function inDirectory(provides: readonly string[], programs: readonly string[]) {
  const decoded = provides.flatMap((text) => parseProvide(text) ?? []);
  return Object.fromEntries(directoryLinks(decoded, programs).map(({ link, title }) => [link, title]));
}

test("directoryLinks() links what provides names, or all programs when it names none", () => {
  const both = { node: "bin/node", npm: "bin/npm" };
  assert.deepEqual(inDirectory([], ["node", "npm"]), both);
  assert.deepEqual(inDirectory(["node", "npm", "npx"], ["node", "npm"]), both);
  assert.deepEqual(inDirectory(["node==nodejs"], ["node", "npm"]), { node: "bin/node", nodejs: "bin/node" });
  assert.deepEqual(inDirectory(["other"], ["node"]), {});
});

test("directoryLinks() makes no link of a name that could not be one", () => {
  assert.deepEqual(inDirectory([], [".hidden", "-rf", "a b", "good"]), { good: "bin/good" });
});
