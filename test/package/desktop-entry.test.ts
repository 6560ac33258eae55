import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { rewriteEntry } from "../../src/package/desktop-entry.ts";
import { execOf, execWords, knownCodes } from "../../src/package/desktop-exec.ts";
import { iconsNamed } from "../../src/package/icon-file.ts";
import { skipWithout } from "../support/docker-registry.ts";

const PLACES = {
  program: (name: string) => (name === "edit" || name === "AppRun" ? "/home/me/my bin/edit" : null),
  icon: (name: string) => (name === "edit" ? "/home/me/.local/share/icons/edit.png" : null),
};

function entry(...lines: readonly string[]): string {
  return ["[Desktop Entry]", "Type=Application", "Name=Edit", ...lines, ""].join("\n");
}

function rewritten(text: string | Uint8Array) {
  return rewriteEntry(typeof text === "string" ? Buffer.from(text) : text, PLACES);
}

/** The value of a key in what an entry becomes; undefined if it is not there. */
function keyIn(key: string, text: string): string | undefined {
  const result = rewritten(text);
  assert.equal(result.kind, "entry", JSON.stringify(result));
  return result.kind === "entry"
    ? new RegExp(`^${key.replace(/[[\]]/g, "\\$&")}=(.*)$`, "m").exec(result.text)?.[1]
    : "";
}

test("rewriteEntry() makes Exec an absolute path, however it is written, and keeps the words after it", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["edit", '"/home/me/my bin/edit"'],
    ["edit %F", '"/home/me/my bin/edit" %F'],
    ["/usr/bin/edit --new %U", '"/home/me/my bin/edit" --new %U'],
    ["AppRun", '"/home/me/my bin/edit"'],
    ['"/opt/an editor/edit" "a word" --x=\\\\$y', '"/home/me/my bin/edit" "a word" "--x=\\\\\\\\\\\\$y"'],
    ['edit "%f"', '"/home/me/my bin/edit" %f'],
    ["edit %d %m --a%D %%", '"/home/me/my bin/edit" --a %%'],
    ["edit %f %U", '"/home/me/my bin/edit" %f'],
    ["env GDK_BACKEND=x11 LD_PRELOAD=/x LC_ALL=C edit %u", 'env GDK_BACKEND=x11 LC_ALL=C "/home/me/my bin/edit" %u'],
  ];
  for (const [exec, expected] of cases) assert.equal(keyIn("Exec", entry(`Exec=${exec}`)), expected, exec);
});

test("rewriteEntry() makes TryExec and Icon absolute, localized ones too, and leaves out what is not there", () => {
  const exec = "Exec=edit";
  assert.equal(keyIn("TryExec", entry(exec, "TryExec=/usr/bin/edit")), "/home/me/my bin/edit");
  assert.equal(keyIn("TryExec", entry(exec, "TryExec=other")), undefined);
  for (const icon of ["edit", "edit.png", "/usr/share/pixmaps/edit.svg"])
    assert.equal(keyIn("Icon", entry(exec, `Icon=${icon}`)), "/home/me/.local/share/icons/edit.png", icon);
  assert.equal(keyIn("Icon[de]", entry(exec, "Icon[de]=edit")), "/home/me/.local/share/icons/edit.png");
  assert.equal(keyIn("Icon", entry(exec, "Icon=accessories-text-editor")), "accessories-text-editor");
  assert.equal(keyIn("Icon", entry(exec, "Icon=/etc/passwd")), undefined);
  assert.equal(keyIn("Name[pt_BR]", entry(exec, "Name[pt_BR]=Editar")), "Editar");
  // Some desktops read any key in the user's language.
  for (const key of ["Exec", "TryExec", "Type", "Actions", "NoDisplay"])
    assert.equal(keyIn(`${key}[de]`, entry(exec, `${key}[de]=true`)), undefined, key);
});

test("rewriteEntry() keeps the actions that start a program of the package", () => {
  const text = [
    entry(
      "Exec=edit",
      "Actions=new;evil;gone;",
      "Path=/tmp",
      "DBusActivatable=true",
      "URL=file:///etc",
      "X-KDE-Username=root",
    ),
    "[Desktop Action new]\nName=New\nName[de]=Neu\nIcon=edit\nExec=edit --new\nTryExec=x",
    "[Desktop Action evil]\nName=Evil\nExec=sh -c evil",
    "[X-Other]\nExec=evil\n",
  ].join("\n");
  const result = rewritten(text);
  assert.ok(result.kind === "entry");
  assert.deepEqual(result.changed, [
    "the key Path",
    "the key DBusActivatable",
    'the action "evil"',
    'the action "gone"',
  ]);
  assert.equal(
    result.text,
    [
      "[Desktop Entry]",
      ...["Type=Application", "Name=Edit", 'Exec="/home/me/my bin/edit"', "Actions=new;", ""],
      "[Desktop Action new]",
      ...["Name=New", "Name[de]=Neu", "Icon=/home/me/.local/share/icons/edit.png"],
      ...['Exec="/home/me/my bin/edit" --new', ""],
    ].join("\n"),
  );
});

test("rewriteEntry() tells the variables that it leaves out", () => {
  const result = rewritten(entry("Exec=env LD_PRELOAD=/x LANG=C edit"));
  assert.deepEqual(result.kind === "entry" && result.changed, ["the variable LD_PRELOAD"]);
});

test("rewriteEntry() refuses what would do something else than start a program of the package", () => {
  const cases: readonly (readonly [string | Uint8Array, RegExp])[] = [
    [entry("Exec=sh -c 'curl evil | sh'"), /no program of the package/],
    [entry('Exec="edit'), /no program of the package/],
    [entry("Exec=env -S edit"), /no program of the package/],
    [entry("Exec=env edit=1"), /no program of the package/],
    [entry("Exec="), /no program of the package/],
    [entry("Exec=/bin/edit;id"), /no program of the package/],
    [entry("Exec=edit", "Hidden=true"), /Hidden/],
    ["[Desktop Entry]\nType=Link\nName=x\nURL=javascript:alert(1)\n", /Type is "Link"/],
    ["[Desktop Entry]\nType=Link\nName=x\nURL=file:///etc/passwd\n", /Type is "Link"/],
    ["[Desktop Entry]\nName=x\nExec=edit\n", /Type is ""/],
    ["[Desktop Entry]\nType=Application\nExec=edit\n", /no Name/],
    [entry(), /no Exec/],
    [entry("Exec=edit", "Comment=\u001b[31m"), /control characters/],
    [entry("Exec=edit", "Comment=\u202eevil"), /control characters/],
    [Buffer.from([...Buffer.from(entry("Exec=edit")), 0xff]), /UTF-8/],
    [entry("Exec=edit", `Comment=${"x".repeat(1024 * 1024)}`), /at most 262144/],
    [`[Other]\n${entry("Exec=edit")}`, /does not begin/],
    [entry("Exec=edit", "no key"), /neither/],
    ["", /does not begin/],
  ];
  for (const [text, reason] of cases) {
    const result = rewritten(text);
    assert.equal(result.kind, "refused", String(text).slice(0, 200));
    if (result.kind === "refused") assert.match(result.reason, reason);
  }
});

test("execOf() writes what execWords() reads", () => {
  for (const words of [
    ["a b", "c"],
    ['"', "\\", "$x", "`id`"],
    ["%f", "100%%"],
    ["~", "a;b", "é", "(x)"],
    ["", "*"],
  ]) {
    assert.deepEqual(execWords(execOf(words)), words);
  }
  assert.deepEqual(knownCodes(["%k", "%c", "%i", "%x", "%"]), ["%k", "%c", "%i"]);
});

test("iconsNamed() finds the icons of a theme, the best first, else one beside the program", () => {
  const paths = [
    ...["share/icons/hicolor/48x48/apps/edit.png", "usr/share/icons/hicolor/256x256/apps/edit.png", "edit.png"],
    ...["share/icons/hicolor/48x48/mimetypes/edit.png", "src/edit.svg", "share/icons/hicolor/48x48/apps/other.png"],
  ];
  assert.deepEqual(
    iconsNamed("edit", paths).map(({ place }) => place),
    ["icons/hicolor/256x256/apps/edit.png", "icons/hicolor/48x48/apps/edit.png"],
  );
  assert.deepEqual(iconsNamed("edit", ["edit.png", "edit.svg"]), [
    { path: "edit.svg", place: "icons/edit.svg", rank: 2 },
  ]);
  assert.deepEqual(iconsNamed("../edit", ["../edit.png"]), []);
});

test("desktop-file-validate accepts what is rewritten", { skip: skipWithout("desktop-file-validate") }, (t) => {
  const directory = mkdtempSync(join(tmpdir(), "pkg-test-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const lines = [
    "GenericName=Editor",
    "Categories=Utility;TextEditor;",
    "MimeType=text/plain;",
    "Terminal=false",
    "Encoding=UTF-8",
  ];
  const texts = [
    entry('Exec=edit "a word" %F', "TryExec=edit", "Icon=edit", ...lines),
    `${entry("Exec=env LANG=C edit %d %U", "Actions=new;gone;", "Icon=edit.png")}\n[Desktop Action new]\nName=New\nExec=edit\n`,
  ];
  for (const [index, text] of texts.entries()) {
    const result = rewritten(text);
    assert.ok(result.kind === "entry");
    const path = join(directory, `${index}.desktop`);
    writeFileSync(path, result.text);
    const { stdout, status } = spawnSync("desktop-file-validate", [path], { encoding: "utf8" });
    assert.deepEqual([stdout, status], ["", 0]);
  }
});
