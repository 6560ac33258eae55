import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { suite, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { createAccess } from "../../src/registry/access.ts";
import { clientKey } from "../../src/registry/client-key.ts";
import { DiskReserve } from "../../src/registry/disk-reserve.ts";
import { RootFiles } from "../../src/registry/root-files.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { manifestOf, put } from "./documents.ts";
import { basic, htpasswdFile } from "./htpasswd-file.ts";
import { errorCode, openRegistry, sha256, type TestRegistry } from "./registry-client.ts";

const BYTES = Buffer.from("some bytes");
const START = "/v2/a/blobs/uploads/";

async function start(registry: TestRegistry, headers: Record<string, string> = {}): Promise<string> {
  const response = await registry.ask("POST", START, { headers });
  assert.equal(response.status, 202);
  return response.headers.get("location") ?? "";
}

/** Which of the uploads are still known. */
async function known(registry: TestRegistry, locations: readonly string[], headers = {}): Promise<readonly boolean[]> {
  const found = await Promise.all(locations.map((location) => registry.ask("GET", location, { headers })));
  return found.map(({ status }) => status === 204);
}

suite("UploadTable", () => {
  test("UploadTable gives up a client's own uploads, those without bytes first", async (t) => {
    const registry = await openRegistry(t, { limits: { maxUploadsPerClient: 3 } });
    const three = [await start(registry), await start(registry), await start(registry)];
    await registry.ask("PATCH", three[0] ?? "", { body: "01234" });
    const fourth = await start(registry);
    assert.deepEqual(await known(registry, [...three, fourth]), [true, false, true, true]);
    const more = [await start(registry), await start(registry)];
    assert.deepEqual(await known(registry, [...three, fourth, ...more]), [true, false, false, false, true, true]);
    const last = await start(registry);
    assert.deepEqual(await known(registry, [three[0] ?? "", last]), [true, true]);
  });

  test("UploadTable does not let one user shut out another", async (t) => {
    const { path } = htpasswdFile(t, { ann: "a", bob: "b" });
    const access = await createAccess({ htpasswd: path, anonymousPull: false, onProblem: () => {} });
    const registry = await openRegistry(t, { access, limits: { maxUploads: 3 } });
    const [ann, bob] = [basic("ann", "a"), basic("bob", "b")];
    const first = await start(registry, bob);
    for (let count = 0; count < 10; count += 1) await start(registry, ann);
    const second = await start(registry, bob);
    assert.deepEqual(await known(registry, [first, second], bob), [true, true]);
    assert.equal(readdirSync(join(registry.root, "uploads")).length, 3);
  });

  test("UploadTable keeps a client that starts 300 uploads at once within its limit", async (t) => {
    const registry = await openRegistry(t);
    await Promise.all(Array.from({ length: 300 }, () => start(registry)));
    assert.equal(readdirSync(join(registry.root, "uploads")).length, 256);
    assert.equal((await registry.push("a", BYTES)).length, 71);
  });

  for (const [what, limits, expected] of [
    ["gives up the oldest body that never comes", { slowMs: 0 }, [202, 1]],
    ["gives up no body that still has time to come", { slowMs: 600_000 }, [429, 2]],
  ] as const) {
    test(`UploadTable ${what}`, async (t) => {
      const registry = await openRegistry(t, { limits: { ...limits, maxUploadsPerClient: 2 } });
      const headers = { expect: "100-continue", "content-length": `${BYTES.length}` };
      const slow = [];
      for (let count = 0; count < 2; count += 1) {
        const location = await start(registry);
        const path = `${location}?digest=${sha256(BYTES)}`;
        const sent = request({ port: registry.server.port, path, method: "PUT", headers });
        sent.on("error", () => {});
        sent.flushHeaders();
        await once(sent, "continue");
        sent.write("so");
        while (readFileSync(join(registry.root, "uploads", location.split("/").at(-1) ?? "", "data")).length < 2) {
          await setImmediate();
        }
        slow.push(sent);
      }
      const { status } = await registry.ask("POST", START);
      const answers = slow.map((sent) => once(sent, "response"));
      for (const sent of slow) sent.end(BYTES.subarray(2));
      const statuses = (await Promise.all(answers)).map(([{ statusCode }]) => statusCode);
      assert.deepEqual([status, statuses.filter((each) => each === 201).length], expected);
      assert.equal(statuses.at(-1), 201);
    });
  }

  test("UploadTable forgets an upload that stays empty", async (t) => {
    const registry = await openRegistry(t, { limits: { emptyUploadMs: 0 } });
    const [empty, filled] = [await start(registry), await start(registry)];
    await registry.ask("PATCH", filled, { body: "01234" });
    await start(registry);
    assert.deepEqual(await known(registry, [empty, filled]), [false, true]);
  });

  test("UploadTable gives up what a client left when what it sends is too much", async (t) => {
    const registry = await openRegistry(t, { limits: { maxUnfinishedBytes: 8 } });
    const [left, current] = [await start(registry), await start(registry)];
    await registry.ask("PATCH", left, { body: "01234" });
    assert.equal((await registry.ask("PATCH", current, { body: "01234" })).status, 202);
    assert.equal((await registry.ask("PATCH", current, { body: "56789" })).status, 202);
    assert.deepEqual(await known(registry, [left, current]), [false, true]);
    const digest = sha256(Buffer.from("0123456789"));
    assert.equal((await registry.ask("PUT", `${current}?digest=${digest}`)).status, 201);
  });
});

suite("DiskReserve", () => {
  test("DiskReserve lets nothing be stored when too little is free, and everything be read and deleted", async (t) => {
    const registry = await openRegistry(t);
    const blob = await registry.push("a", BYTES);
    await put(registry, "a/manifests/v1", manifestOf(blob));
    await registry.server.close();
    const full = await openRegistry(t, {
      root: registry.root,
      limits: { reserveBytes: Number.MAX_SAFE_INTEGER },
    });
    const body = new Uint8Array(BYTES);
    for (const response of [
      await full.ask("POST", START),
      await full.ask("POST", `${START}?digest=${blob}`, { body }),
      await put(full, "a/manifests/v2", manifestOf(blob)),
    ]) {
      assert.deepEqual([response.status, await errorCode(response)], [507, "UNKNOWN"]);
    }
    assert.equal((await full.ask("GET", "/v2/a/manifests/v1")).status, 200);
    assert.equal((await full.ask("DELETE", "/v2/a/manifests/v1")).status, 202);
  });

  test("checkRoom() refuses what would fill the disk before any of it is received", async (t) => {
    const registry = await openRegistry(t);
    const { port } = registry.server;
    const huge = request({
      port,
      path: `${START}?digest=${sha256(BYTES)}`,
      method: "POST",
      headers: { "content-length": `${2 ** 50}` },
    });
    huge.on("error", () => {});
    huge.flushHeaders();
    const [response] = await once(huge, "response");
    huge.destroy();
    assert.equal(response.statusCode, 507);
  });

  test("count() looks at the disk every 16 MiB, whoever writes them", async (t) => {
    const reserve = new DiskReserve(RootFiles.open(tempDirectory(t)), Number.MAX_SAFE_INTEGER);
    for (let mebibytes = 1; mebibytes < 16; mebibytes += 1) await reserve.count(1024 * 1024);
    await assert.rejects(reserve.count(1024 * 1024), { code: "DISK_FULL", hint: /registry gc/ });
  });
});

suite("clientKey()", () => {
  for (const [user, address, key] of [
    ["ann", "192.0.2.1", "user ann"],
    [null, "192.0.2.1", "address 192.0.2.1"],
    [null, "::ffff:192.0.2.1", "address 192.0.2.1"],
    [null, "2001:db8:1:2:3:4:5:6", "address 8193:3512:1:2"],
    [null, "2001:db8:1:2::1", "address 8193:3512:1:2"],
    [null, "fe80::1%eth0", "address 65152:0:0:0"],
    [null, "", "address "],
  ] as const) {
    test(`clientKey() is "${key}" for ${user} at "${address}"`, () => {
      assert.equal(clientKey(user, address), key);
    });
  }
});
