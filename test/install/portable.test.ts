import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";

const ENTRY = "[Desktop Entry]\nType=Application\nName=App\nExec=App-inside %U\nActions=evil;\n";
const ACTION = "[Desktop Action evil]\nName=Evil\nExec=/usr/bin/sh -c evil\n";

async function publish(home: SampleHome, version: string): Promise<void> {
  const programs = { "app.desktop": Buffer.from(`${ENTRY}${ACTION}`) };
  const entry = { pkg_type: "appimage" };
  const appImage = home.build({ name: "app", version, entry, programs, provides: ["app"] });
  const plain = home.build({ name: "plain", version: "1" });
  await home.push(appImage, plain);
  home.publishIndex(appImage, plain);
}

/** Where the AppImage is. */
function placeOf(home: SampleHome): string {
  return dirname(realpathSync(join(home.path, "bin/app")));
}

test("pkg install --portable gives an AppImage a home of its own, which updates keep and remove --purge takes", async (t) => {
  const home = await makeSampleHome(t);
  await publish(home, "1");
  await home.pkg(["install", "app", "plain"]);
  assert.deepEqual(readdirSync(placeOf(home)), [".pkg", "app", "app.desktop"]);
  const text = readFileSync(join(home.path, "share/applications/app.desktop"), "utf8");
  // What is started inside of it is its own affair.
  assert.equal(text, `[Desktop Entry]\nType=Application\nName=App\nExec=${join(home.path, "bin/app")} %U\n`);
  const { stderr } = await home.pkg(["install", "--portable", "app", "plain"]);
  assert.match(stderr, /app is installed already; add --reinstall: --portable changes nothing/);
  assert.match(stderr, /plain is no AppImage: --portable changes nothing/);
  assert.equal((await home.pkg(["install", "--portable", "--reinstall", "app"])).code, 0);
  assert.deepEqual(readdirSync(placeOf(home)), [".pkg", "app", "app.config", "app.desktop", "app.home"]);
  writeFileSync(join(placeOf(home), "app.home/settings"), "mine");
  await publish(home, "2");
  const updated = await home.pkg(["update", "app"]);
  assert.equal(updated.code, 0, updated.stderr);
  assert.match(placeOf(home), /\/app\/2-/);
  assert.equal(readFileSync(join(placeOf(home), "app.home/settings"), "utf8"), "mine");
  assert.equal((await home.pkg(["verify"])).code, 0);
  const place = placeOf(home);
  assert.equal((await home.pkg(["remove", "app"])).code, 0);
  assert.deepEqual(readdirSync(place, { recursive: true }).toSorted(), ["app.home", "app.home/settings"]);
  assert.equal((await home.pkg(["remove", "--purge", "app"])).code, 0);
  assert.equal(existsSync(place), false);
});

test("pkg install makes an AppImage portable where the config says so", async (t) => {
  const home = await makeSampleHome(t);
  home.configure("[packages.app]\nportable = true");
  await publish(home, "1");
  await home.pkg(["install", "app"]);
  assert.deepEqual(readdirSync(placeOf(home)), [".pkg", "app", "app.config", "app.desktop", "app.home"]);
  home.configure("");
  const text = readFileSync(join(home.path, "config.toml"), "utf8");
  writeFileSync(join(home.path, "config.toml"), text.replace("portable = true", "portable = false"));
  await home.pkg(["reinstall", "app"]);
  assert.deepEqual(readdirSync(placeOf(home)), [".pkg", "app", "app.desktop"]);
});
