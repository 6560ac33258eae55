import assert from "node:assert/strict";
import { test } from "node:test";
import { kegLinks, kegPrograms } from "../../src/pour/keg-links.ts";

const KEG = { name: "jq", version: "1.8.1" };
const PATHS = [
  ".brew/jq.rb",
  ".bottle/etc/jq.conf",
  ".bottle/var/jq/seed",
  "INSTALL_RECEIPT.json",
  "README.md",
  "bin/jq",
  "bin/deep/inner",
  "sbin/jqd",
  "etc/bash_completion.d/jq",
  "include/jq.h",
  "lib/libjq.so.1",
  "lib/charset.alias",
  "lib/python3.13/site-packages/jq/__pycache__/a.pyc",
  "lib/python3.13/site-packages/jq/a.py",
  "lib/python3.13/own",
  "libexec/tell",
  "share/info/dir",
  "share/info/jq.info",
  "share/locale/locale.alias",
  "share/icons/hicolor/icon-theme.cache",
];
const TARGETS = new Map([["lib/python3.13/own", "../../../../../lib/python3.13/own"]]);

test("kegLinks() leads to every file but those that Homebrew does not link either", () => {
  const links = kegLinks({ keg: KEG, paths: PATHS, targets: TARGETS, aliases: ["jq@1"], isKegOnly: false });
  assert.deepEqual(
    links.map(({ path, target, kind }) => [path.replace("@prefix/", ""), target, kind].join(" ")),
    [
      "opt/jq . link",
      "opt/jq@1 . link",
      "bin/jq bin/jq link",
      "sbin/jqd sbin/jqd link",
      "etc/bash_completion.d/jq etc/bash_completion.d/jq link",
      "include/jq.h include/jq.h link",
      "lib/libjq.so.1 lib/libjq.so.1 link",
      "lib/python3.13/site-packages/jq/a.py lib/python3.13/site-packages/jq/a.py link",
      "share/info/jq.info share/info/jq.info link",
      "etc/jq.conf .bottle/etc/jq.conf copy",
      "var/jq/seed .bottle/var/jq/seed copy",
    ],
  );
});

test("kegLinks() of a keg-only one leads to the keg itself, and to what its user edits", () => {
  const links = kegLinks({ keg: KEG, paths: PATHS, targets: TARGETS, aliases: [], isKegOnly: true });
  assert.deepEqual(
    links.map(({ path }) => path),
    ["@prefix/opt/jq", "@prefix/etc/jq.conf", "@prefix/var/jq/seed"],
  );
});

test("kegPrograms() are those in bin and sbin, unless it is keg-only", () => {
  assert.deepEqual(kegPrograms({ paths: [...PATHS, "bin/-x", "sbin/jq"], isKegOnly: false }), [
    { title: "bin/jq", link: "jq" },
    { title: "sbin/jqd", link: "jqd" },
  ]);
  assert.deepEqual(kegPrograms({ paths: PATHS, isKegOnly: true }), []);
});
