import assert from "node:assert/strict";
import { test } from "node:test";
import { pathNote } from "../../src/install/tell-search-path.ts";

const NOTES: readonly (readonly [
  shell: string | null,
  bin: string,
  ending: RegExp,
  more: readonly string[] | undefined,
])[] = [
  ["/bin/bash", "/h/bin", /add it to ~\/\.bashrc:$/, ['export PATH="/h/bin:$PATH"']],
  ["/usr/bin/zsh", "/h/bin", /add it to ~\/\.zshrc:$/, ['export PATH="/h/bin:$PATH"']],
  ["/bin/sh", "/h/bin", /add it to ~\/\.profile:$/, ['export PATH="/h/bin:$PATH"']],
  ["/usr/bin/fish", "/h/bin", /Type once:$/, ["fish_add_path /h/bin"]],
  ["/usr/bin/fish", "/h/it's", /Type once:$/, ["fish_add_path '/h/it\\'s'"]],
  [null, "/h/bin", /Type:$/, ['export PATH="/h/bin:$PATH"']],
  ["/usr/bin/nu", "/h/bin", /add it to PATH as nu does it$/, undefined],
  ["/bin/bash", '/h/$x "y"', /bashrc:$/, ['export PATH="/h/\\$x \\"y\\":$PATH"']],
];

for (const [shell, bin, ending, more] of NOTES) {
  test(`pathNote() says what to type in ${shell ?? "a shell that is not known"} for ${bin}`, () => {
    const note = pathNote(bin, shell);
    assert.ok(note.message.startsWith(`"${bin}" is not on PATH`), note.message);
    assert.match(note.message, ending);
    assert.deepEqual(note.more, more);
  });
}
