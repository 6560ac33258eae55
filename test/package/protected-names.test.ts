import assert from "node:assert/strict";
import { test } from "node:test";
import { protectedReason } from "../../src/package/protected-names.ts";

const ESSENTIAL = ["sudo", "su", "doas", "login", "passwd", "ssh", "scp", "sftp", "sh", "bash", "zsh", "fish", "dash"];
const BASIC = [
  "ls",
  "cat",
  "cp",
  "mv",
  "rm",
  "ln",
  "chmod",
  "chown",
  "mkdir",
  "env",
  "kill",
  "ps",
  "[",
  "tar",
  "xargs",
];
const SYSTEM = ["mount", "systemctl", "apt", "dpkg", "ldd", "pkg"];

test("protectedReason() says why a name is not to be taken quietly", () => {
  for (const name of [...ESSENTIAL, ...BASIC, ...SYSTEM])
    assert.match(protectedReason(name) ?? "", /^(is|looks) /, name);
});

test("protectedReason() is null for names that people commonly install", () => {
  for (const name of ["trurl", "git", "curl", "jq", "rg", "lsd", "LS", "toString", ""]) {
    assert.equal(protectedReason(name), null, name);
  }
});
