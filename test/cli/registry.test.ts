import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { suite, test } from "node:test";
import { makeCertificate } from "../http/certificate.ts";
import { serve as serveAnswers } from "../http/local-server.ts";
import { basic, htpasswdFile } from "../registry/htpasswd-file.ts";
import { sha256 } from "../registry/registry-client.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { type ProcessResult, runPkgProcess } from "../support/pkg-process.ts";
import { jsonOf, runPkg } from "../support/run-pkg.ts";
import { type Cleanup, tempHome } from "../support/temp-home.ts";

const BYTES = Buffer.from("some bytes");

interface Served {
  readonly home: string;
  /** e.g. `http://127.0.0.1:40123` */
  readonly url: string;
  /** What was said once it listened. */
  readonly said: string;
  /** Ends it and returns its result. */
  stop(): Promise<Pick<ProcessResult, "code" | "stdout" | "stderr">>;
}

/** Starts the program with `args`; what it writes goes to `onOutput`. */
type Start = (
  args: readonly string[],
  options: { readonly home: string; readonly onOutput: (text: string) => void },
) => Pick<Served, "stop"> & { readonly running: ReturnType<Served["stop"]> };

/** In this process, ended as Ctrl-C would. */
const inProcess: Start = (args, options) => {
  const interrupt = new AbortController();
  const running = runPkg(args, { ...options, signal: interrupt.signal });
  return {
    running,
    stop: () => {
      interrupt.abort();
      return running;
    },
  };
};

/** As a process, ended by SIGTERM. */
const asProcess: Start = (args, { home, onOutput }) => {
  let child: ChildProcess | undefined;
  const onStart = (started: ChildProcess) => {
    child = started;
    started.stdout?.on("data", onOutput);
  };
  const running = runPkgProcess(args, { home, onStart });
  return {
    running,
    stop: () => {
      child?.kill("SIGTERM");
      return running;
    },
  };
};

/** `pkg registry serve` on a free port. */
async function serve(t: Cleanup, args: readonly string[], home = tempHome(t), start = inProcess): Promise<Served> {
  const said = Promise.withResolvers<string>();
  let output = "";
  const onOutput = (text: string) => {
    output += text;
    if (/ {2}(?:Push|Pull): .*\n/.test(output)) said.resolve(output);
  };
  const { running, stop } = start(["registry", "serve", "--root", "served", "--port", "0", ...args], {
    home,
    onOutput,
  });
  void running.then((result) => said.reject(new Error(`It stopped: ${result.stderr}`)));
  t.after(async () => void (await stop()));
  const text = await said.promise;
  const url = /at (\S+);/.exec(text)?.[1];
  assert.ok(url !== undefined, text);
  return { home, url, said: text, stop };
}

async function push(url: string, headers: Record<string, string> = {}): Promise<number> {
  const target = `${url}/v2/a/blobs/uploads/?digest=${sha256(BYTES)}`;
  return (await fetch(target, { method: "POST", body: new Uint8Array(BYTES), headers })).status;
}

suite("pkg registry serve", () => {
  test("pkg registry serve says where and how, serves, logs, and ends with 0 on SIGTERM", async (t) => {
    const { home, url, said, stop } = await serve(t, ["--access-log", "access.log"], tempHome(t), asProcess);
    assert.match(said, /no password, no TLS/);
    assert.ok(said.includes(`Push: pkg oci push ${new URL(url).host}/NAME:TAG FILE`));
    assert.equal(await push(url), 201);
    const { code, stdout } = await stop();
    assert.equal(code, 0);
    assert.ok(stdout.endsWith(`Stopped ${url}\n`));
    assert.match(
      readFileSync(join(home, "access.log"), "utf8"),
      /^\S+ 127\.0\.0\.1 - POST \/v2\/a\/blobs\/uploads\/ 201 0 \d+\n$/,
    );
  });

  test("pkg registry serve asks for the passwords of --htpasswd, and is read-only with --read-only", async (t) => {
    const { path } = htpasswdFile(t, { ann: "right" });
    const { url, said } = await serve(t, ["--htpasswd", path, "--anonymous-pull", "--access-log", "-"]);
    assert.match(said, /password of .* to push/);
    assert.deepEqual([await push(url), await push(url, basic("ann", "right"))], [401, 201]);
    assert.equal((await fetch(`${url}/v2/a/blobs/${sha256(BYTES)}`)).status, 200);
    const readOnly = await serve(t, ["--read-only"]);
    assert.match(readOnly.said, /read-only/);
    assert.equal(await push(readOnly.url), 405);
  });

  test("pkg registry serve answers to the names of --allow-host as well, and to no other", async (t) => {
    const { url } = await serve(t, ["--allow-host", "one.example", "--allow-host", "Two.Example"]);
    const ask = async (host: string) => {
      const [response] = await once(request(`${url}/v2/`, { headers: { host } }).end(), "response");
      return response.resume().statusCode;
    };
    const hosts = ["one.example", "two.example:5000", "three.example"];
    assert.deepEqual(await Promise.all(hosts.map(ask)), [200, 200, 403]);
    for (const name of ["http://one.example", "one.example:5000", "one example"]) {
      const refused = await runPkg(["registry", "serve", "--root", "x", "--allow-host", name], { home: tempHome(t) });
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /Cannot use --allow-host .*\n.*For example/);
    }
  });

  test("pkg registry serve refuses the directory of a cache as anything else", async (t) => {
    const upstream = await serve(t, []);
    const from = ["--upstream", new URL(upstream.url).host, "--plain-http"];
    const { home, stop } = await serve(t, from);
    await stop();
    for (const others of [[], ["--upstream", "127.0.0.1:1", "--plain-http"]]) {
      const words = ["registry", "serve", "--root", "served", "--port", "0", ...others];
      const { code, stderr } = await runPkg(words, { home });
      assert.equal(code, 1);
      assert.match(
        stderr,
        /Cannot serve .*: it is a cache of http:\/\/127.*\nhint: Give another --root, or serve it with/,
      );
    }
  });

  test("pkg registry serve speaks https with --tls-cert and --tls-key", {
    skip: skipWithout("openssl", "curl"),
  }, async (t) => {
    const home = tempHome(t);
    const { cert, key } = makeCertificate();
    writeFileSync(join(home, "cert.pem"), cert);
    writeFileSync(join(home, "key.pem"), key);
    const { url, said } = await serve(t, ["--tls-cert", "cert.pem", "--tls-key", "key.pem"], home);
    assert.match(url, /^https:/);
    assert.match(said, /, TLS/);
    const result = await runPkg(
      ["oci", "catalog", new URL(url).host, "--ca-file", join(home, "cert.pem"), "--no-plain-http"],
      { home },
    );
    assert.equal(result.code, 0, result.stderr);
  });

  test("pkg registry serve is a cache with --upstream", async (t) => {
    const upstream = await serve(t, []);
    await push(upstream.url);
    const cache = await serve(t, ["--upstream", upstream.url]);
    assert.match(cache.said, /read-only, a cache of http:/);
    assert.equal(await (await fetch(`${cache.url}/v2/a/blobs/${sha256(BYTES)}`)).text(), "some bytes");
    await upstream.stop();
    assert.equal(await (await fetch(`${cache.url}/v2/a/blobs/${sha256(BYTES)}`)).text(), "some bytes");
  });

  test("pkg registry serve asks the upstream as a user with --upstream-login alone", async (t) => {
    const home = tempHome(t);
    const upstream = await serve(t, ["--htpasswd", htpasswdFile(t, { ann: "right" }).path]);
    await push(upstream.url, basic("ann", "right"));
    const login = ["login", new URL(upstream.url).host, "--username", "ann", "--password-stdin"];
    const { code, stderr } = await runPkg(login, { home, stdin: "right\n" });
    assert.equal(code, 0, stderr);
    const blob = `/v2/a/blobs/${sha256(BYTES)}`;
    const status = async (...args: readonly string[]) => {
      const { url, stop } = await serve(t, ["--upstream", upstream.url, ...args], home);
      const answer = await fetch(`${url}${blob}`);
      await answer.arrayBuffer();
      await stop();
      return answer.status;
    };
    assert.deepEqual([await status(), await status("--upstream-login")], [403, 200]);
  });

  test("pkg registry serve hands on, and logs, nothing of the password that its upstream repeats", async (t) => {
    const [home, password] = [tempHome(t), "S3cret/Pass+word"];
    const base64 = Buffer.from(`ann:${password}`).toString("base64");
    const upstream = await serveAnswers(t, ({ headers: { authorization }, url = "" }, response) => {
      if (authorization === undefined) response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
      else if (url.includes("/blobs/")) response.writeHead(500).end(`${authorization} ${password}`);
      else response.writeHead(403).end(`{"errors":[{"code":"DENIED","message":"${authorization} ${password}"}]}`);
    });
    const host = `127.0.0.1:${upstream.port}`;
    mkdirSync(join(home, ".docker"));
    writeFileSync(join(home, ".docker/config.json"), JSON.stringify({ auths: { [host]: { auth: base64 } } }));
    const from = ["--upstream", host, "--upstream-login", "--access-log", "access.log", "--verbose"];
    const cache = await serve(t, from, home);
    const reference = `${new URL(cache.url).host}/me/app`;
    const commands = [
      ["tags", reference],
      ["resolve", `${reference}:1`],
      ["blob", "fetch", `${reference}@${sha256(BYTES)}`, "--output", "-"],
    ];
    const patience = { PKG_RETRY_FOR: "0s" };
    const heard = await Promise.all(
      commands.map((words) => runPkg(["oci", ...words], { home: tempHome(t), env: patience })),
    );
    const { stdout, stderr } = await cache.stop();
    assert.ok(heard.every(({ code }) => code !== 0));
    assert.match(stderr, /answered 403, "DENIED: Basic \*\*\* \*\*\*"/);
    const texts = [...heard.flatMap((result) => [result.stdout, result.stderr]), stdout, stderr];
    for (const text of [...texts, readFileSync(join(home, "access.log"), "utf8")]) {
      for (const secret of [password, base64]) assert.ok(!text.includes(secret), text);
    }
  });

  test("pkg registry serve refuses a directory that is served already, and so does gc", async (t) => {
    const { home } = await serve(t, [], tempHome(t), asProcess);
    for (const args of [["serve", "--port", "0"], ["gc"]]) {
      const { code, stderr } = await runPkg(["registry", ...args, "--root", "served"], { home });
      assert.equal(code, 75);
      assert.match(stderr, /another process/);
    }
  });

  const refused: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ["a certificate without a key", ["--tls-cert", "x"], 2, /--tls-key is missing/],
    ["a key without a certificate", ["--tls-key", "x"], 2, /--tls-cert is missing/],
    ["--anonymous-pull without passwords", ["--anonymous-pull"], 2, /no password is asked for/],
    ["a htpasswd file that is not there", ["--htpasswd", "nowhere"], 2, /htpasswd file ".*nowhere"/],
    ["a size that is none", ["--max-body", "10 parsecs"], 2, /"500MB" or "10GiB"/],
    ["a size of nothing", ["--max-body", "0"], 2, /--max-body "0"/],
    ["a number that is none", ["--max-requests", "many"], 2, /--max-requests/],
    ["a port that is none", ["--port", "70000"], 2, /--port: expected a whole number from 0 to 65535, found "70000"/],
    ["an age that is none", ["--upstream", "ghcr.io", "--tag-age", "soon"], 2, /--tag-age/],
    ["an upstream with a path", ["--upstream", "ghcr.io/owner"], 2, /upstream "ghcr.io\/owner"/],
    ["an upstream of another scheme", ["--upstream", "http://ghcr.io"], 2, /--plain-http/],
    ["itself as upstream", ["--upstream", "localhost:4999", "--port", "4999"], 2, /own address/],
    ["--upstream-login alone", ["--upstream-login"], 2, /no upstream/],
    ["stdout for two things", ["--access-log", "-", "--json"], 2, /--access-log/],
    ["--dry-run", ["--dry-run"], 2, /--dry-run/],
  ];
  for (const [what, args, exitCode, message] of refused) {
    test(`pkg registry serve refuses ${what}`, async (t) => {
      const home = tempHome(t);
      const all = [
        "registry",
        "serve",
        "--root",
        "served",
        ...(args.includes("--port") ? [] : ["--port", "0"]),
        ...args,
      ];
      const { code, stderr } = await runPkg(all, { home });
      assert.equal(code, exitCode, stderr);
      assert.match(stderr, message);
    });
  }
});

test("pkg registry gc removes what nothing names, and --dry-run lists it", async (t) => {
  const { home, url, stop } = await serve(t, []);
  await push(url);
  await stop();
  const gc = async (...args: readonly string[]) =>
    jsonOf(await runPkg(["registry", "gc", "--root", "served", "--json", ...args], { home }));
  const found = (files: number, dryRun: boolean) => ({
    ...{ repositoryCount: 1, manifestCount: 0 },
    fileCount: files,
    dryRun,
  });
  assert.partialDeepStrictEqual(await gc(), found(0, false));
  assert.partialDeepStrictEqual(await gc("--grace", "0s", "--dry-run"), found(1, true));
  assert.partialDeepStrictEqual(await gc("--grace", "0s"), { ...found(1, false), sizeBytes: BYTES.length });
  assert.partialDeepStrictEqual(await gc("--grace", "0s"), { fileCount: 0 });
});

test("pkg registry gc refuses what is no registry, and makes nothing there", async (t) => {
  const home = tempHome(t);
  mkdirSync(join(home, "other"));
  for (const [root, problem] of [
    ["nosuch/below", "there is no such directory"],
    ["other", "it holds no registry"],
  ] as const) {
    const { code, stderr } = await runPkg(["registry", "gc", "--root", root], { home });
    assert.equal(code, 1);
    assert.ok(
      stderr.startsWith(`error: Cannot collect the garbage of "${join(home, root)}": ${problem}\nhint: `),
      stderr,
    );
  }
  assert.deepEqual([readdirSync(join(home, "other")), existsSync(join(home, "nosuch"))], [[], false]);
});
