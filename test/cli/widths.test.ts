import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { textWidth } from "../../src/report/columns.ts";
import type { BuiltPackage } from "../support/package-builder.ts";
import { makeSampleHome } from "../support/sample-home.ts";

const COLUMNS = 80;
const LONG = "a-package-with-a-very-long-name-that-nobody-would-type-twice";
const DESCRIPTION = "Keeps permissions, owners, attributes and every other thing that anybody ever asked for, 名前も";

/** In this order, in one home: each finds what those before it left. */
const LINES = `search keeps
install --dry-run ${LONG} tool@1.0.0
install ${LONG} tool@1.0.0 nosuch
list
outdated
changes
versions ${LONG} tool
info ${LONG}
update tool@1.1.0
history
undo --dry-run
rollback 0 --dry-run
diff 0
use tool@1.0.0 --dry-run
pin tool ${LONG}
which tool nosuch
why tool ${LONG}
run --dry-run ${LONG}
exec tool nosuch -- sh
export
apply --dry-run
lock
bundle create tool ${LONG} -o bundle.tar
repo list
profile list
remove tool ${LONG} --dry-run
clean --all --dry-run
config
doctor
nosuch`;

test("no line of a command breaks in the middle of a word on a terminal of 80 columns", async (t) => {
  const home = await makeSampleHome(t);
  const entry = { description: DESCRIPTION };
  const built: readonly BuiltPackage[] = [
    home.build({ name: LONG, version: "2025.11.28.123456789-nightly.20251128", entry }),
    home.build({ name: "tool", version: "1.0.0", entry }),
    home.build({ name: "tool", version: "1.1.0", entry }),
  ];
  await home.push(...built);
  home.publishIndex(...built);
  writeFileSync(join(home.path, "packages.toml"), '[packages]\ntool = "1.1.0"\nnosuch = "*"\n');
  for (const line of LINES.split("\n")) {
    const { stdout, stderr } = await home.pkg(line.split(" "), { terminal: true, stdin: "y\n".repeat(3) });
    assert.notEqual(stdout + stderr, "");
    for (const shown of withoutProgress(stdout + stderr).split("\n")) {
      // A single word, such as a path, may be wider than any terminal.
      if (/^\s*(?:! |error: |hint: )?\S+$/.test(shown)) continue;
      assert.ok(textWidth(shown) <= COLUMNS, `pkg ${line}: ${shown}`);
      assert.doesNotMatch(shown, / $/, `pkg ${line} ends a line with blanks`);
    }
  }
});

const [HIDE_CURSOR, SHOW_CURSOR] = ["\u001b[?25l", "\u001b[?25h"];

/** What is left on the screen once the progress, which is drawn while the cursor is hidden, is gone. */
function withoutProgress(text: string): string {
  const left = text
    .split(HIDE_CURSOR)
    .map((part, index) => (index === 0 ? part : part.split(SHOW_CURSOR).slice(1).join("")));
  return stripVTControlCharacters(left.join(""));
}
