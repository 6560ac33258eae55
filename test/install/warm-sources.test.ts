import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { test } from "node:test";
import { makeSampleHome } from "../support/sample-home.ts";

test("pkg reinstall connects to no registry for what the store has, and pkg install to the one that it asks", async (t) => {
  const home = await makeSampleHome(t);
  const app = home.build({ name: "app", version: "1.0.0" });
  await home.push(app);
  home.publishIndex(app);
  assert.equal((await home.pkg(["sync"])).code, 0);
  let connections = 0;
  const count = () => {
    connections += 1;
  };
  subscribe("net.client.socket", count);
  t.after(() => unsubscribe("net.client.socket", count));
  assert.equal((await home.pkg(["install", "app"])).code, 0);
  assert.ok(connections > 0);
  connections = 0;
  assert.equal((await home.pkg(["reinstall", "app"])).code, 0);
  assert.equal(connections, 0);
});
