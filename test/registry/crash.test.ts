import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { suite, type TestContext, test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { collectGarbage } from "../../src/registry/collect-garbage.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { MANIFEST_TYPE, manifestOf } from "./documents.ts";
import { sha256 } from "./registry-client.ts";

interface Child {
  readonly process: ChildProcess;
  readonly url: string;
}

async function startChild(t: TestContext, root: string): Promise<Child> {
  const script = join(import.meta.dirname, "registry-child.ts");
  const child = spawn(process.execPath, [script, root], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout });
  const [url] = await once(lines, "line");
  return { process: child, url: String(url) };
}

async function kill({ process }: Child): Promise<void> {
  if (process.signalCode !== null) return;
  const exited = once(process, "exit");
  process.kill("SIGKILL");
  await exited;
}

/** What was acknowledged: `tag` names `digest`. */
type Acknowledged = Map<string, string>;

/** Pushes image after image, chunk by chunk, until the server is gone. */
async function pushUntilGone(url: string, worker: string, told: (tag: string, digest: string) => void): Promise<void> {
  try {
    for (let number = 0; ; number++) {
      const bytes = Buffer.alloc(50_000, `${worker}-${number} `);
      const start = await fetch(`${url}/v2/a/blobs/uploads/`, { method: "POST" });
      const location = `${url}${start.headers.get("location")}`;
      await fetch(location, { method: "PATCH", body: new Uint8Array(bytes.subarray(0, 30_000)) });
      const body = new Uint8Array(bytes.subarray(30_000));
      await fetch(`${location}?digest=${sha256(bytes)}`, { method: "PUT", body });
      const manifest = manifestOf(sha256(bytes));
      const tag = `${worker}-${number}`;
      const headers = { "content-type": MANIFEST_TYPE };
      const init = { method: "PUT", body: new Uint8Array(manifest), headers };
      const put = await fetch(`${url}/v2/a/manifests/${tag}`, init);
      assert.equal(put.status, 201);
      told(tag, sha256(manifest));
    }
  } catch (error) {
    // What fetch throws when the connection is cut.
    if (!(error instanceof TypeError)) throw error;
  }
}

function assertBlobsVerified(root: string): void {
  for (const name of readdirSync(join(root, "blobs", "sha256"))) {
    if (name.startsWith(".")) continue;
    assert.equal(hashHex("sha256", readFileSync(join(root, "blobs", "sha256", name))), name);
  }
}

/** Everything that is listed is whole, and everything that was acknowledged is listed. */
async function assertWhole(url: string, acknowledged: Acknowledged): Promise<void> {
  for (const [tag, digest] of acknowledged) {
    const head = await fetch(`${url}/v2/a/manifests/${tag}`, { method: "HEAD" });
    assert.equal(head.headers.get("docker-content-digest"), digest, tag);
  }
  const list: unknown = await (await fetch(`${url}/v2/a/tags/list`)).json();
  for (const [, tag] of JSON.stringify(list).matchAll(/"(w\d-\d+-\d+)"/g)) {
    const manifest = await fetch(`${url}/v2/a/manifests/${tag}`);
    assert.equal(manifest.status, 200);
    for (const [, blob] of (await manifest.text()).matchAll(/"digest":"(sha256:[0-9a-f]{64})"/g)) {
      assert.equal((await fetch(`${url}/v2/a/blobs/${blob}`, { method: "HEAD" })).status, 200);
    }
  }
}

suite("registry killed", () => {
  test("a registry that is killed at any moment holds what it acknowledged, and nothing unverified", async (t) => {
    const root = join(tempDirectory(t), "registry");
    const acknowledged: Acknowledged = new Map();
    for (const enough of [1, 2, 3, 5, 8, 13, 21, 34]) {
      const child = await startChild(t, root);
      await assertWhole(child.url, acknowledged);
      let count = 0;
      const told = (tag: string, digest: string) => {
        acknowledged.set(tag, digest);
        count += 1;
        if (count === enough) child.process.kill("SIGKILL");
      };
      await Promise.all(
        ["w1", "w2", "w3", "w4"].map((worker) => pushUntilGone(child.url, `${worker}-${enough}`, told)),
      );
      await kill(child);
      assertBlobsVerified(root);
    }
    const signal = new AbortController().signal;
    const options = { root, dryRun: false, graceMs: 0, now: Date.now() + 1, untagged: "remove", signal } as const;
    await collectGarbage(options);
    for (const directory of [join(root, "blobs", "sha256"), join(root, "repositories", "a")]) {
      const drafts = readdirSync(directory).filter((name) => name.startsWith("."));
      assert.deepEqual(drafts, []);
    }
    const server = await startRegistry({ root, port: 0 });
    t.after(() => server.close());
    await assertWhole(server.url, acknowledged);
  });

  test("a registry that is killed during an upload resumes it", async (t) => {
    const root = join(tempDirectory(t), "registry");
    const bytes = Buffer.alloc(300_000, "upload");
    const first = await startChild(t, root);
    const start = await fetch(`${first.url}/v2/a/blobs/uploads/`, { method: "POST" });
    const location = start.headers.get("location");
    await fetch(first.url + location, { method: "PATCH", body: new Uint8Array(bytes.subarray(0, 200_000)) });
    await kill(first);
    const second = await startChild(t, root);
    const status = await fetch(second.url + location);
    assert.equal(status.headers.get("range"), "0-199999");
    const body = new Uint8Array(bytes.subarray(200_000));
    const headers = { "content-range": "200000-299999" };
    await fetch(second.url + location, { method: "PATCH", body, headers });
    const end = await fetch(`${second.url}${location}?digest=${sha256(bytes)}`, { method: "PUT" });
    assert.equal(end.status, 201);
    assertBlobsVerified(root);
  });
});
