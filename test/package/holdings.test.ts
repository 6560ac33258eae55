import assert from "node:assert/strict";
import { test } from "node:test";
import { holdingLinks, holdingsOf } from "../../src/package/holdings.ts";

const ALL = { man: true, completions: true, desktop: true };

function placesIn(paths: readonly string[], commands: readonly string[] = ["rg"], name = "ripgrep") {
  return Object.fromEntries(holdingsOf({ name, commands, paths }).map(({ path, place }) => [path, place]));
}

test("holdingsOf() finds man pages and completions where release archives keep them", () => {
  const bash = "bash-completion/completions/rg";
  const [zsh, fish] = ["zsh/site-functions/_rg", "fish/vendor_completions.d/rg.fish"];
  const cases: readonly (readonly [path: string, place: string])[] = [
    ["rg.1", "man/man1/rg.1"],
    ["doc/rg.1", "man/man1/rg.1"],
    ["man/rg.1.gz", "man/man1/rg.1.gz"],
    ["manpages/other.5", "man/man5/other.5"],
    ["ripgrep.1", "man/man1/ripgrep.1"],
    ["rg-config.5", "man/man5/rg-config.5"],
    ["share/man/man1/rg.1", "man/man1/rg.1"],
    ["usr/share/man/man3/Rg::Api.3pm", "man/man3/Rg::Api.3pm"],
    ["share/man/de/man1/rg.1", "man/de/man1/rg.1"],
    ["share/man/pt_BR.UTF-8/man1/rg.1.zst", "man/pt_BR.UTF-8/man1/rg.1.zst"],
    ["man1/rg.1", "man/man1/rg.1"],
    ["complete/rg.bash", bash],
    ["completions/rg.bash-completion", bash],
    ["completions/rg-completion.bash", bash],
    ["completions/bash/rg", bash],
    ["completions/bash/rg.bash", bash],
    ["completions/bash", bash],
    ["etc/bash_completion.d/rg", bash],
    ["etc/bash_completion.d/rg.bash-completion", bash],
    ["share/bash-completion/completions/rg", bash],
    ["autocomplete/rg.bash", bash],
    ["rg.bash", bash],
    ["complete/_rg", zsh],
    ["autocomplete/rg.zsh", zsh],
    ["completions/zsh", zsh],
    ["completions/zsh/_rg", zsh],
    ["share/zsh/site-functions/_rg", zsh],
    ["share/zsh/vendor-completions/_rg", zsh],
    ["_rg", zsh],
    ["complete/rg.fish", fish],
    ["contrib/completion/rg.fish", fish],
    ["shell-completions/fish/rg.fish", fish],
    ["completions/fish", fish],
    ["share/fish/vendor_completions.d/rg.fish", fish],
    ["share/fish/completions/rg.fish", fish],
    [".pkg/share/applications/rg.desktop", "applications/rg.desktop"],
    [".pkg/share/icons/rg.png", "icons/rg.png"],
  ];
  for (const [path, place] of cases) assert.deepEqual(placesIn([path]), { [path]: place }, path);
});

test("holdingsOf() takes nothing else for one", () => {
  const others = [
    ...[
      "librg.so.1",
      "NEWS.1",
      "doc/README.2",
      "lib/rg-1.0.1",
      "share/man/man1/rg.5",
      "man/.rg.1",
      "src/rg.1",
      "rg.10",
    ],
    ...[
      "complete/_rg.ps1",
      "complete/rg.elv",
      "README.bash",
      "scripts/install.fish",
      "bash",
      "fish",
      "zsh",
      "_",
      ".fish",
    ],
    // Completions of commands that are not its own would come before those of the system.
    ...["share/bash-completion/completions/git", "completions/_ls", "completions/sudo.fish", "completions/..bash"],
    ...["share/applications/rg.desktop", "rg.png", "man/man1/rg\u001b[31m.1"],
  ];
  assert.deepEqual(placesIn(others), {});
});

test("holdingsOf() places one file at a path, the one of the usual directories first", () => {
  const paths = ["complete/_rg", "share/zsh/site-functions/_rg", "doc/rg.1", "share/man/man1/rg.1"];
  assert.deepEqual(Object.keys(placesIn(paths)).toSorted(), ["share/man/man1/rg.1", "share/zsh/site-functions/_rg"]);
});

test("holdingsOf() takes a completion that names no command for the one that the package is called like", () => {
  assert.deepEqual(placesIn(["completions/bash"], ["a", "b"], "c"), {});
  assert.deepEqual(placesIn(["completions/bash"], ["a", "c"], "c"), {
    "completions/bash": "bash-completion/completions/c",
  });
});

test("holdingLinks() makes links of the kinds that are wanted", () => {
  const held = { name: "rg", commands: ["rg"], paths: ["rg.1", "rg.fish"] };
  assert.deepEqual(holdingLinks(held, { ...ALL, completions: false }), [
    { path: "@data/man/man1/rg.1", target: "rg.1", kind: "link" },
  ]);
  assert.equal(holdingLinks(held, ALL).length, 2);
});
