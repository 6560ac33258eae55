import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pack } from "../archive/pack.ts";
import { tarOf } from "../archive/tar-builder.ts";
import { makeSampleHome } from "../support/sample-home.ts";
import { downloadWorld } from "./download-world.ts";

const ENTRY = "[Desktop Entry]\nType=Application\nName=Edit\nExec=edit %F\nIcon=edit\nTerminal=false\n";
const PNG = Buffer.from("\u0089PNG\r\n\u001a\n", "latin1");

test("pkg install places the desktop entry and the icon that a package has beside its program", async (t) => {
  const home = await makeSampleHome(t);
  const programs = { "edit.desktop": Buffer.from(ENTRY.replace("Icon=edit", "Icon=org.Edit")), "edit.png": PNG };
  const built = home.build({ name: "edit", version: "1", programs, provides: ["edit"], files: { "x.svg": PNG } });
  await home.push(built);
  home.publishIndex(built);
  const { code, stderr } = await home.pkg(["install", "edit"]);
  assert.equal(code, 0, stderr);
  const share = join(home.path, "share");
  const entry = join(share, "applications/edit.desktop");
  const [program, icon] = [join(home.path, "bin/edit"), join(share, "icons/org.Edit.png")];
  assert.equal(
    readFileSync(entry, "utf8"),
    ENTRY.replace("Exec=edit", `Exec=${program}`).replace("Icon=edit", `Icon=${icon}`),
  );
  assert.deepEqual(readFileSync(icon), PNG);
  const { stdout } = await home.pkg(["files", "edit"]);
  assert.match(stdout, /applications\/edit\.desktop -> .*\.pkg\/share\/applications\/edit\.desktop \(desktop entry\)/);
  // Neither CHECKSUM nor a signature says what it has to be.
  assert.doesNotMatch(stdout, /x\.svg/);
  assert.match((await home.pkg(["owns", entry])).stdout, /^edit 1/);
  home.takeRequests();
  const again = await home.pkg(["install", "--reinstall", "--offline", "edit"]);
  assert.deepEqual([again.code, home.takeRequests()], [0, []], again.stderr);
  assert.equal((await home.pkg(["verify"])).code, 0);
  assert.equal((await home.pkg(["remove", "edit"])).code, 0);
  assert.equal(existsSync(share), false);
});

test("pkg install takes nothing beside a program that is not what was signed", async (t) => {
  const home = await makeSampleHome(t);
  const programs = { "edit.desktop": Buffer.from(ENTRY) };
  const forged = Buffer.from(ENTRY.replace("Edit", "Other"));
  const signature = home.signer.sign(programs["edit.desktop"], "edit.desktop");
  const files = { "edit.desktop": forged, "edit.desktop.sig": signature };
  const built = home.build({ name: "edit", version: "1", programs, provides: ["edit"], files });
  await home.push(built);
  home.publishIndex(built);
  const { code, stderr } = await home.pkg(["install", "edit"]);
  assert.equal(code, 1);
  assert.match(stderr, /signature check of "edit\.desktop"/);
});

test("pkg install takes nothing that a package brings for what pkg has made itself", async (t) => {
  const program = { path: "bin/edit", body: "#!/bin/sh\n", mode: 0o755 };
  const evil = { path: ".pkg/share/applications/evil.desktop", body: ENTRY.replace("edit %F", "sh -c evil") };
  const mark = { path: "bin/edit.home/.pkg-portable", body: "" };
  const packed = (...entries: readonly (typeof evil)[]) => ({ bytes: pack(tarOf(program, ...entries), "gzip") });
  const world = await downloadWorld(t, { evil: packed(evil), marked: packed(mark) });
  for (const [name, path] of [
    ["evil", evil.path],
    ["marked", mark.path],
  ] as const) {
    const { code, stderr } = await world.pkg("install", name);
    assert.equal(code, 1);
    assert.ok(stderr.includes(`Cannot install "${name}": it has a file "${path}", whose name is kept`), stderr);
  }
  assert.deepEqual(
    world.tree().filter((line) => /^(?:share|packages|blobs|bin)\//.test(line)),
    [],
  );
});

test("pkg install places the entries of an archive with the icons that they name, and tells what it does not", async (t) => {
  const members = {
    "bin/edit": "#!/bin/sh\n",
    "share/applications/org.edit.Edit.desktop": ENTRY.replace("Name=Edit", "Name=Edit\nPath=/tmp"),
    "share/applications/evil.desktop": ENTRY.replace("edit %F", "sh -c evil"),
    "share/applications/\u001b.desktop": ENTRY,
    "share/icons/hicolor/48x48/apps/edit.png": "png",
    "share/icons/hicolor/scalable/apps/edit.svg": "<svg/>",
    "share/icons/hicolor/48x48/apps/other.png": "png",
  };
  const entries = Object.entries(members).map(([path, body]) => ({ path: `edit/${path}`, body, mode: 0o755 }));
  const world = await downloadWorld(t, { edit: { bytes: pack(tarOf(...entries), "gzip") } });
  const { code, stderr } = await world.pkg("install", "edit");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /edit: the desktop entry ".*Edit\.desktop" is placed without the key Path/);
  assert.match(stderr, /edit: the desktop entry ".*evil\.desktop" is not placed: it would start `sh -c evil`/);
  assert.match(stderr, /is not placed: its name has other characters/);
  const share = world.tree().flatMap((line) => /^share\/(\S+)/.exec(line)?.[1] ?? []);
  assert.deepEqual(share, [
    "applications/org.edit.Edit.desktop",
    "icons/hicolor/48x48/apps/edit.png",
    "icons/hicolor/scalable/apps/edit.svg",
  ]);
  const text = readFileSync(join(world.home, "share/applications/org.edit.Edit.desktop"), "utf8");
  assert.match(text, /^Icon=.*\/share\/icons\/hicolor\/scalable\/apps\/edit\.svg$/m);
  assert.equal((await world.pkg("verify")).code, 0);
  assert.equal((await world.pkg("install", "--reinstall", "edit")).code, 0);
});
