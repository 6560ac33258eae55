import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { suite, test } from "node:test";
import { promisify } from "node:util";
import { hasCode } from "../../src/errors.ts";
import { createAccess } from "../../src/registry/access.ts";
import { parseHtpasswd } from "../../src/registry/htpasswd.ts";
import { Problem } from "../../src/registry/problem.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { createSigner } from "../support/minisign-signer.ts";
import { buildPackage } from "../support/package-builder.ts";
import { writeLayout } from "../support/package-publisher.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";
import { basic, htpasswdFile } from "./htpasswd-file.ts";
import { errorCode, openRegistry, sha256, type TestRegistry } from "./registry-client.ts";

const run = promisify(execFile);
const HASH = "$2y$10$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzABCDE";
const ALL_PATHS = ["/", "/v2/", "/v2/_catalog", "/v2/a/tags/list", "/v2/a/manifests/v1", "/index/x.json", "/nowhere"];

async function guarded(
  t: Cleanup,
  options: { readonly path: string; readonly anonymousPull?: boolean; readonly onProblem?: (error: unknown) => void },
): Promise<TestRegistry> {
  const { path, anonymousPull = false, onProblem = () => {} } = options;
  return openRegistry(t, { access: await createAccess({ htpasswd: path, anonymousPull, onProblem }) });
}

/** What this process has worked, in ms: a busy machine does not add to it. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

suite("parseHtpasswd()", () => {
  test("parseHtpasswd() reads users, comments and empty lines", () => {
    const { hashes, cost } = parseHtpasswd(
      `# made by htpasswd\n\nann:${HASH}\r\nbob:${HASH.replace("$10$", "$12$")}\n`,
      "f",
    );
    assert.deepEqual([[...hashes.keys()], cost], [["ann", "bob"], 12]);
  });

  const refused = [
    ["no colon", "ann"],
    ["no user", `:${HASH}`],
    ["plain text", "ann:secret"],
    ["crypt", "ann:rl.3StKT.4T8M"],
    ["MD5", "ann:$apr1$r31...$HqJZimcKQFAMYayBlzkrA/"],
    ["SHA-1", "ann:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="],
    ["bcrypt with the flaw", `ann:${HASH.replace("$2y$", "$2x$")}`],
    ["a cost of an hour", `ann:${HASH.replace("$10$", "$20$")}`],
    ["a cost there is not", `ann:${HASH.replace("$10$", "$03$")}`],
    ["half a hash", `ann:${HASH.slice(0, -1)}`],
    ["a user twice", `ann:${HASH}\nann:${HASH}`],
  ] as const;
  for (const [what, text] of refused) {
    test(`parseHtpasswd() throws CONFIG_INVALID for ${what}, and shows no hash`, () => {
      assert.throws(
        () => parseHtpasswd(text, "f"),
        (error) =>
          hasCode(error, "CONFIG_INVALID") && !error.message.includes("$") && !error.message.includes("secret"),
      );
    });
  }
});

suite("createAccess()", () => {
  test("createAccess() throws CONFIG_INVALID when the file is missing", async (t) => {
    const options = { htpasswd: `${tempDirectory(t)}/none`, anonymousPull: false, onProblem: () => {} };
    await assert.rejects(createAccess(options), (error) => hasCode(error, "CONFIG_INVALID"));
  });

  test("startRegistry() asks for a password everywhere", async (t) => {
    const { ask } = await guarded(t, htpasswdFile(t, { ann: "right" }));
    for (const path of ALL_PATHS) {
      const response = await ask("GET", path);
      assert.equal(response.status, 401, path);
      assert.match(response.headers.get("www-authenticate") ?? "", /^Basic realm="/, path);
      assert.equal(
        response.headers.get("docker-distribution-api-version"),
        path.startsWith("/v2") ? "registry/2.0" : null,
      );
      assert.equal(await errorCode(response), "UNAUTHORIZED", path);
    }
    assert.equal((await ask("GET", "/v2/", { headers: basic("ann", "right") })).status, 200);
    assert.equal((await ask("GET", "/", { headers: basic("ann", "right") })).status, 200);
  });

  const wrong: readonly (readonly [string, Record<string, string>])[] = [
    ["a wrong password", basic("ann", "wrong")],
    ["no password", basic("ann", "")],
    ["another user", basic("bob", "right")],
    ["no user", basic("", "right")],
    ["neither", basic("", "")],
    ["the hash of no password", basic("nobody", "")],
    ["a token", { authorization: "Bearer QQ==" }],
    ["no base64", { authorization: "Basic !" }],
    ["no colon", { authorization: `Basic ${Buffer.from("ann").toString("base64")}` }],
    ["nothing", { authorization: "Basic" }],
  ];
  for (const [what, headers] of wrong) {
    test(`startRegistry() answers 401 to ${what}`, async (t) => {
      const { ask } = await guarded(t, htpasswdFile(t, { ann: "right" }));
      assert.equal((await ask("GET", "/v2/", { headers })).status, 401);
    });
  }

  test("startRegistry() lets anyone read with anonymousPull, and nobody write without a password", async (t) => {
    const { ask } = await guarded(t, { ...htpasswdFile(t, { ann: "right" }), anonymousPull: true });
    const bytes = Buffer.from("some bytes");
    const target = `/v2/a/blobs/uploads/?digest=${sha256(bytes)}`;
    const refused = await ask("POST", target, { body: new Uint8Array(bytes) });
    assert.deepEqual([refused.status, await errorCode(refused)], [401, "UNAUTHORIZED"]);
    const headers = basic("ann", "right");
    assert.equal((await ask("POST", target, { body: new Uint8Array(bytes), headers })).status, 201);
    const blob = `/v2/a/blobs/${sha256(bytes)}`;
    assert.equal(await (await ask("GET", blob)).text(), "some bytes");
    assert.equal((await ask("GET", blob, { headers: basic("", "") })).status, 200);
    assert.equal((await ask("GET", blob, { headers: basic("ann", "wrong") })).status, 401);
    assert.equal((await ask("DELETE", blob)).status, 401);
    const ping = await ask("GET", "/v2/");
    assert.deepEqual([ping.status, ping.headers.get("www-authenticate")?.startsWith("Basic ")], [200, true]);
  });

  test("startRegistry() takes what the file says now", async (t) => {
    const file = htpasswdFile(t, { ann: "first" });
    const problems: unknown[] = [];
    const { ask } = await guarded(t, { ...file, onProblem: (error) => problems.push(error) });
    const status = async (user: string, password: string) =>
      (await ask("GET", "/v2/", { headers: basic(user, password) })).status;
    assert.equal(await status("ann", "first"), 200);
    file.write({ ann: "second", bob: "third" });
    assert.deepEqual(
      [await status("ann", "first"), await status("ann", "second"), await status("bob", "third")],
      [401, 200, 200],
    );
    writeFileSync(file.path, "ann:plain");
    assert.deepEqual([await status("ann", "second"), await status("ann", "plain")], [200, 401]);
    rmSync(file.path);
    assert.equal(await status("ann", "second"), 200);
    assert.deepEqual(
      problems.map((problem) => hasCode(problem, "CONFIG_INVALID")),
      [true, true],
    );
  });

  test("startRegistry() hashes a password once for 500 requests, and keeps answering", async (t) => {
    const { ask } = await guarded(t, htpasswdFile(t, { ann: "right" }, 11));
    const headers = basic("ann", "right");
    const start = processorMs();
    const requests = Array.from({ length: 500 }, () => ask("GET", "/v2/", { headers }).then(({ status }) => status));
    assert.deepEqual(new Set(await Promise.all(requests)), new Set([200]));
    // 500 times the tenth of a second that one takes would be a minute.
    assert.ok(processorMs() - start < 10_000);
  });

  test("createAccess() hashes again once a password is no longer remembered", async (t) => {
    let now = 0;
    const file = htpasswdFile(t, { ann: "right" }, 11);
    const access = await createAccess({
      htpasswd: file.path,
      anonymousPull: false,
      onProblem: () => {},
      now: () => now,
    });
    const request = (password: string) => ({ method: "GET", headers: basic("ann", password) }) as never;
    const time = async () => {
      const start = processorMs();
      assert.equal(await access.check(request("right")), "ann");
      return processorMs() - start;
    };
    const [first, second] = [await time(), await time()];
    now = 61_000;
    const third = await time();
    assert.ok(second < first / 3 && second < third / 3, `${first}, ${second}, ${third} ms`);
  });

  test("createAccess() takes as long for a user it does not know", async (t) => {
    const file = htpasswdFile(t, { ann: "right" }, 11);
    const access = await createAccess({ htpasswd: file.path, anonymousPull: false, onProblem: () => {} });
    const time = async (user: string) => {
      const start = processorMs();
      await assert.rejects(access.check({ method: "GET", headers: basic(user, "wrong") } as never));
      return processorMs() - start;
    };
    await time("ann");
    const [known, unknown] = [await time("ann"), await time("nobody")];
    assert.ok(unknown > known / 3, `known ${known} ms, unknown ${unknown} ms`);
  });

  test("createAccess() throws TOOMANYREQUESTS when too many passwords wait to be checked", async (t) => {
    const file = htpasswdFile(t, { ann: "right" }, 5);
    const access = await createAccess({ htpasswd: file.path, anonymousPull: false, onProblem: () => {} });
    const check = (password: string) => access.check({ method: "GET", headers: basic("ann", password) } as never);
    const guesses = Array.from({ length: 300 }, (_, index) => check(`guess ${index}`).catch((error: unknown) => error));
    const problems = (await Promise.all(guesses)).filter((error) => error instanceof Problem);
    const busy = problems.filter(({ code }) => code === "TOOMANYREQUESTS");
    assert.ok(problems.length === 300 && busy.length > 0, `${busy.length} of ${problems.length}`);
    assert.ok(busy.every(({ headers }) => Number(headers["retry-after"]) > 0));
    assert.equal(await check("right"), "ann");
  });

  test("createAccess() takes a right password while another network guesses", async (t) => {
    const file = htpasswdFile(t, { ann: "right" }, 5);
    const access = await createAccess({ htpasswd: file.path, anonymousPull: false, onProblem: () => {} });
    const check = (password: string, address: string) =>
      access.check({ method: "GET", headers: basic("ann", password) } as never, address);
    const guesses = Array.from({ length: 300 }, (_, index) => check(`guess ${index}`, "192.0.2.1").catch(() => null));
    assert.equal(await check("right", "192.0.2.2"), "ann");
    await Promise.all(guesses);
  });

  test("createAccess() remembers a password for as long as it is used", async (t) => {
    let now = 0;
    const file = htpasswdFile(t, { ann: "right" }, 5);
    const access = await createAccess({
      htpasswd: file.path,
      anonymousPull: false,
      onProblem: () => {},
      now: () => now,
    });
    const check = (password: string) => access.check({ method: "GET", headers: basic("ann", password) } as never);
    await check("right");
    const guesses: Promise<unknown>[] = [];
    for (; now < 180_000; now += 30_000) {
      // What waits to be checked does not matter to who needs no check.
      for (let guess = 0; guess < 100; guess += 1) guesses.push(check(`${now} ${guess}`).catch(() => null));
      assert.equal(await check("right"), "ann");
    }
    await Promise.all(guesses);
  });
});

suite("startRegistry() with a password and real clients", () => {
  const skip = skipWithout("skopeo");
  const built = buildPackage({ name: "trurl", version: "8.14.1", signer: createSigner() });
  for (const anonymousPull of [false, true]) {
    test(`skopeo pushes with --dest-creds${anonymousPull ? ", and pulls without" : ""}`, { skip }, async (t) => {
      const { server } = await guarded(t, { ...htpasswdFile(t, { ann: "right" }), anonymousPull });
      const layout = tempDirectory(t);
      writeLayout([built], layout);
      const source = `oci:${layout}:${built.tag}`;
      const target = `docker://127.0.0.1:${server.port}/${built.repository}:${built.tag}`;
      const push = (...creds: readonly string[]) =>
        run("skopeo", ["copy", "--dest-tls-verify=false", ...creds, source, target]);
      await assert.rejects(push());
      await assert.rejects(push("--dest-creds", "ann:wrong"));
      await push("--dest-creds", "ann:right");
      const creds = anonymousPull ? [] : ["--creds", "ann:right"];
      const { stdout } = await run("skopeo", ["inspect", "--raw", "--tls-verify=false", ...creds, target]);
      assert.equal(sha256(Buffer.from(stdout)), built.manifestDigest);
    });
  }
});
