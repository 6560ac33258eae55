import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { repositoryLines } from "../../src/commands/repo/lines.ts";
import { createStyle } from "../../src/report/style.ts";
import { BACK_OFF_MS } from "../../src/repositories/left-out.ts";
import { type RefreshPatience, refreshIndexes, refreshWanted } from "../../src/repositories/refresh.ts";
import { summarizeRepositories } from "../../src/repositories/repositories.ts";
import { sync } from "../../src/repositories/sync.ts";

import { listen, serve } from "../http/local-server.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { makeSyncWorld, type SyncWorld } from "./sync-world.ts";

/** Long enough for a server of this process to answer, on a busy machine too; the dead ones never do. */
const PATIENCE: RefreshPatience = {
  stale: { answerMs: 50, progressMs: 50, attempts: 1 },
  needed: { answerMs: 5000, progressMs: 50, attempts: 1 },
  restMs: 50,
};
const IMPATIENCE: RefreshPatience = { ...PATIENCE, needed: { answerMs: 50, progressMs: 50, attempts: 1 } };
const DAY_MS = 24 * 60 * 60 * 1000;

/** How servers are dead; each gives its address. */
const DEAD: Readonly<Record<string, (t: TestContext) => Promise<string>>> = {
  "accepts and never answers": async (t) => (await listen(t, createServer())).origin,
  "begins its answer and falls silent": async (t) => {
    const server = createHttpServer((_request, response) => {
      response.writeHead(200, { "content-length": "100000" });
      response.write("[");
    });
    return (await listen(t, server)).origin;
  },
  refuses: async (t) => {
    const server = createServer();
    const { origin } = await listen(t, server);
    await new Promise((resolve) => server.close(resolve));
    return origin;
  },
  "has a name that leads nowhere": async () => "https://nosuch.invalid",
};

/** A repository `tools` that is served, and one at a dead address. */
async function worldWith(t: TestContext, dead: string): Promise<SyncWorld> {
  const world = await makeSyncWorld(t);
  world.setClock(Date.now());
  world.configure(`url = "${world.url}"\n${NO_DEFAULT_REPOSITORIES}\n[repositories.dead]\nurl = "${dead}/index.json"`);
  world.serve({ index: Buffer.from("[]"), signatures: null });
  return world;
}

function told(world: SyncWorld): string {
  return world
    .takeEvents()
    .flatMap((event) => ("message" in event ? [`${event.kind}: ${event.message}`] : []))
    .join("\n");
}

const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

for (const [how, start] of Object.entries(DEAD)) {
  test(`refreshIndexes() uses the others, and waits once for a server that ${how}`, async (t) => {
    const world = await worldWith(t, await start(t));
    const cap = world.context();
    await world.sync();
    const first = await refreshIndexes(cap, { patience: IMPATIENCE });
    assert.deepEqual(names(first.usable), ["tools"]);
    assert.deepEqual(
      first.leftOut.map(({ repository, asked }) => [repository, asked]),
      [["dead", "now"]],
    );
    assert.match(told(world), /^warning: The packages of dead are left out: Cannot /m);
    // A server that is asked again would be waited for without end.
    const forever = { answerMs: DAY_MS, progressMs: DAY_MS, attempts: 1 };
    const second = await refreshIndexes(cap, { patience: { ...PATIENCE, stale: forever, needed: forever } });
    assert.deepEqual(
      [names(second.usable), second.leftOut.map(({ asked }) => asked), [...second.tried]],
      [["tools"], ["before"], []],
    );
    assert.match(told(world), /left out: Cannot .*, less than a minute ago; `pkg sync dead` tries again/);
  });
}

test("refreshIndexes() asks a server that was dead again after a while, after another address, and if there is nothing else", async (t) => {
  let isDead = true;
  const server = await serve(t, (_request, response) => (isDead ? response.destroy() : response.end("[]")));
  const world = await worldWith(t, server.origin);
  const failures = () => world.context().indexes.failures;
  const refresh = async () => (await refreshIndexes(world.context(), { patience: PATIENCE })).tried.has("dead");
  await world.sync();
  assert.equal(await refresh(), true);
  assert.equal(await refresh(), false);
  const noted = failures().get("dead");
  assert.ok(noted !== null);
  failures().note("dead", { ...noted, atMs: Date.now() - BACK_OFF_MS - 1000 });
  assert.equal(await refresh(), true);
  failures().note("dead", { ...noted, atMs: Date.now() + DAY_MS });
  assert.equal(await refresh(), true);
  failures().note("dead", { ...noted, url: "http://elsewhere.example/index.json" });
  assert.equal(await refresh(), true);
  assert.equal(await refresh(), false);
  world.context().indexes.remove("tools");
  world.serve();
  await assert.rejects(refreshIndexes(world.context(), { patience: PATIENCE }));
  isDead = false;
  assert.deepEqual(names((await refreshIndexes(world.context(), { patience: PATIENCE })).usable), ["dead"]);
  assert.equal(failures().get("dead"), null);
});

test("sync() asks a server whatever is remembered of it, and a memory that cannot be read is none", async (t) => {
  const server = await serve(t, (_request, response) => response.end("[]"));
  const world = await worldWith(t, server.origin);
  const cap = world.context();
  const file = join(world.home, "index", "dead.failed.json");
  const dead = cap.config.repositories.filter(({ name }) => name === "dead");
  cap.indexes.failures.note("dead", { atMs: Date.now(), url: "", code: "NETWORK_TIMEOUT", message: "m" });
  assert.equal(existsSync(file), true);
  const { outcome } = await sync(cap, dead, { force: false });
  assert.deepEqual([outcome.repositories[0]?.state, existsSync(file)], ["updated", false]);
  for (const text of ["", "{}", "[1]", '{"at":"x","url":"u","code":"NOSUCH","message":"m"}']) {
    writeFileSync(file, text);
    assert.equal(cap.indexes.failures.get("dead"), null, text);
  }
});

test("refreshIndexes() keeps the old index of a server that has died, and tells its age and the reason", async (t) => {
  const world = await worldWith(t, "http://nosuch.invalid");
  const cap = world.context();
  await world.sync();
  cap.indexes.touch("tools", Date.now() - 7.5 * 60 * 60 * 1000);
  world.serve();
  const { usable } = await refreshWanted(cap, { patience: PATIENCE, only: new Set(["tools"]) });
  assert.deepEqual(names(usable), ["tools"]);
  assert.match(
    told(world),
    /note: The index of tools is 7 hours old and could not be refreshed \(.*404.*\); run `pkg sync`/,
  );
});

test("refreshIndexes() takes the age of an index that is dated in the future for unknown", async (t) => {
  const world = await worldWith(t, "http://nosuch.invalid");
  await world.sync();
  const cap = world.context();
  world.takeRequests();
  const refresh = () => refreshWanted(cap, { patience: PATIENCE, only: new Set(["tools"]) });
  cap.indexes.touch("tools", Date.now() + 2 * DAY_MS);
  await refresh();
  assert.equal(world.takeRequests().length, 1);
  assert.ok((cap.indexes.freshAt("tools") ?? 0) < Date.now() + DAY_MS);
  await refresh();
  assert.deepEqual(world.takeRequests(), []);
});

test("refreshIndexes() says what to check when no index can be had", async (t) => {
  const world = await worldWith(t, (await DEAD["refuses"]?.(t)) ?? "");
  const cap = world.context();
  const only = (...wanted: readonly string[]) => {
    const repositories = cap.config.repositories.filter(({ name }) => wanted.includes(name));
    return refreshIndexes({ ...cap, config: { ...cap.config, repositories } }, { patience: PATIENCE });
  };
  await assert.rejects(only(), { code: "INDEX_MISSING", message: /no repository is enabled/ });
  await assert.rejects(only("dead"), {
    code: "NETWORK_FAILED",
    message: /^Cannot search for packages: no index could be fetched\. dead: Cannot reach/,
    hint: /HTTPS_PROXY.*--ca-file.*pkg repo add.*pkg install HOST\/NAME:TAG/,
  });
});

test("summarizeRepositories() tells when and why an index could not be fetched the last time, until it could", async (t) => {
  const server = await serve(t, (_request, response) => response.end("[]"));
  const world = await worldWith(t, server.origin);
  const cap = world.context();
  const shown = () => summarizeRepositories(cap).repositories.find(({ name }) => name === "dead");
  const url = `${server.origin}/index.json`;
  assert.equal(shown()?.failure, null);
  cap.indexes.failures.note("dead", {
    atMs: Date.now() - 180_000,
    url,
    code: "NETWORK_TIMEOUT",
    message: "Cannot reach it",
  });
  const found = shown();
  assert.equal(found?.failure?.error.code, "NETWORK_TIMEOUT");
  const lines = repositoryLines(found === undefined ? [] : [found], Date.now(), createStyle(false));
  assert.equal(lines.at(-1), "  could not be fetched 3 minutes ago: Cannot reach it");
  await sync(
    cap,
    cap.config.repositories.filter(({ name }) => name === "dead"),
    { force: false },
  );
  assert.equal(shown()?.failure, null);
});
