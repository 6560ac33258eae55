import assert from "node:assert/strict";
import { test } from "node:test";
import { dataSearchOf } from "../../src/config/data-search.ts";
import { sharePathNote } from "../../src/install/tell-share-path.ts";

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly path?: readonly string[];
  readonly bin?: string;
  readonly share?: string;
  readonly shell?: string;
}

function toType(sought: "man" | "zsh" | "data", given: Given): string | null {
  const { env = {}, path = ["/usr/bin"], bin = "/home/me/.local/bin", share = "/home/me/.local/share" } = given;
  const dataSearch = dataSearchOf({ HOME: "/home/me", ...env });
  const config = { dataSearch, searchPath: path, shell: given.shell ?? null, paths: { bin, share } };
  const note = sharePathNote(config, sought);
  return note === null ? null : (note.more?.[0] ?? "");
}

test("sharePathNote() knows where man looks: MANPATH, or beside the directories of PATH", () => {
  const line = 'export MANPATH="/home/me/.local/share/man:$MANPATH"';
  const cases: readonly (readonly [Given, string | null])[] = [
    [{}, null],
    [{ bin: "/opt/bin" }, line],
    [{ bin: "/opt/bin", path: ["/home/me/.local/bin"] }, null],
    [{ env: { MANPATH: "/usr/share/man" } }, line],
    [{ env: { MANPATH: "/usr/share/man:" } }, null],
    [{ env: { MANPATH: "/home/me/.local/share/man" } }, null],
    [{ bin: "/x/bin", share: "/x/share" }, null],
    [{ bin: "/x/bin", share: "/x/bin/share" }, null],
    [{ bin: "/x/bin", share: "/y/a$b" }, 'export MANPATH="/y/a\\$b/man:$MANPATH"'],
    [{ bin: "/opt/bin", shell: "/usr/bin/fish" }, "set -Ux MANPATH /home/me/.local/share/man $MANPATH ''"],
  ];
  for (const [given, expected] of cases) assert.equal(toType("man", given), expected, JSON.stringify(given));
});

test("sharePathNote() tells whoever uses zsh of fpath, and nobody else", () => {
  const line = "fpath=(/home/me/.local/share/zsh/site-functions $fpath)";
  assert.equal(toType("zsh", { shell: "/bin/zsh" }), line);
  assert.equal(toType("zsh", { shell: "/bin/bash" }), null);
  const env = { FPATH: "/a:/home/me/.local/share/zsh/site-functions" };
  assert.equal(toType("zsh", { shell: "/bin/zsh", env }), null);
});

test("sharePathNote() knows the data directories of the XDG specification", () => {
  assert.equal(toType("data", {}), null);
  assert.equal(toType("data", { env: { XDG_DATA_HOME: "/d" }, share: "/d" }), null);
  assert.equal(toType("data", { env: { XDG_DATA_DIRS: "/usr/share:/x/share" }, share: "/x/share" }), null);
  assert.equal(
    toType("data", { share: "/x/share" }),
    `export XDG_DATA_DIRS="/x/share:\${XDG_DATA_DIRS:-/usr/local/share:/usr/share}"`,
  );
});
