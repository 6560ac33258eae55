import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Event } from "../../src/base/events.ts";
import { loadConfig } from "../../src/config/config.ts";
import { createPackageIndexes } from "../../src/index-database/package-indexes.ts";
import type { Network } from "../../src/network/network.ts";
import { refreshIndexes } from "../../src/repositories/refresh.ts";
import type { SyncCapabilities } from "../../src/repositories/sync-capabilities.ts";
import { openDatabase } from "../../src/state/database.ts";
import { createTrustStore } from "../../src/state/trust.ts";
import { serve } from "../http/local-server.ts";
import { testNetwork } from "../network/test-network.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { tempHome } from "../support/temp-home.ts";

interface RefreshWorld {
  readonly requests: readonly string[];
  readonly events: Event[];
  /** How often the network was opened. */
  opened(): number;
  refresh(): Promise<readonly string[]>;
  /** Another address of `far`, written into the config by hand. */
  move(): void;
  /** Makes every index a year old. */
  age(): void;
}

/** Two repositories: `near`, in a file, and `far`, on another machine. */
async function refreshWorld(t: TestContext, options: { readonly offline: boolean }): Promise<RefreshWorld> {
  const home = tempHome(t);
  const requests: string[] = [];
  const { origin } = await serve(t, ({ url = "" }, response) => {
    requests.push(url);
    response.end("[]");
  });
  const near = join(home, "near.json");
  writeFileSync(near, "[]");
  const tables = `[repositories.near]\nurl = "file://${near}"\n[repositories.far]\nurl = "${origin}/far.json"\n`;
  writeFileSync(join(home, "config.toml"), NO_DEFAULT_REPOSITORIES + tables);
  const read = () => loadConfig({ env: {}, platform: "linux", arch: "x64", flags: { home } });
  let config = read();
  const { network } = testNetwork(t, { flags: { home, ...options } });
  const indexes = createPackageIndexes(config.paths.index);
  const database = openDatabase(config.paths.stateDatabase);
  t.after(() => database.close());
  const trust = createTrustStore(database);
  const events: Event[] = [];
  let opened = 0;
  const cap: SyncCapabilities = {
    get config() {
      return config;
    },
    indexes,
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    now: Date.now,
    network: async (): Promise<Network> => {
      opened += 1;
      return network;
    },
    retry: { policy: network.retry, random: Math.random, sleep: async () => {} },
    trust: async () => trust,
  };
  return {
    requests,
    events,
    opened: () => opened,
    refresh: async () => (await refreshIndexes(cap)).usable.map(({ name }) => name),
    move: () => {
      writeFileSync(join(home, "config.toml"), NO_DEFAULT_REPOSITORIES + tables.replace("far.json", "elsewhere.json"));
      config = read();
    },
    age: () => {
      for (const name of ["near", "far"]) {
        if (indexes.freshAt(name) !== null) indexes.touch(name, Date.now() - 365 * 24 * 60 * 60 * 1000);
      }
    },
  };
}

test("refreshIndexes() fetches missing indexes, and opens no network while all are current", async (t) => {
  const world = await refreshWorld(t, { offline: false });
  assert.deepEqual(await world.refresh(), ["near", "far"]);
  assert.deepEqual(world.requests, ["/far.json"]);
  const opened = world.opened();
  assert.deepEqual(await world.refresh(), ["near", "far"]);
  assert.equal(world.opened(), opened);
  world.age();
  assert.deepEqual(await world.refresh(), ["near", "far"]);
  assert.deepEqual(world.requests, ["/far.json", "/far.json"]);
});

test("refreshIndexes() offline fetches what is on this machine, and requests nothing else", async (t) => {
  const world = await refreshWorld(t, { offline: true });
  assert.deepEqual(await world.refresh(), ["near"]);
  world.age();
  world.events.length = 0;
  assert.deepEqual(await world.refresh(), ["near"]);
  assert.deepEqual(world.requests, []);
  const failed = world.events.filter(({ kind }) => kind === "task-failed" || kind === "warning");
  assert.deepEqual(failed, []);
});

test("refreshIndexes() uses no unsigned index of an address that the config does not have any more", async (t) => {
  const world = await refreshWorld(t, { offline: false });
  await world.refresh();
  world.move();
  assert.deepEqual(await world.refresh(), ["near", "far"]);
  assert.deepEqual(world.requests, ["/far.json", "/elsewhere.json"]);
});
