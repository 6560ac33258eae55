import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { suite, test } from "node:test";
import { html } from "../../src/registry/page-html.ts";
import { openRegistry, sha256, type TestRegistry } from "./registry-client.ts";

const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
/** A program, so that the page says how to install it. */
const BYTES = Buffer.from("#!/bin/sh\n".padEnd(1500, "#"));
const TITLE = "org.opencontainers.image.title";

interface Pushed {
  readonly name: string;
  readonly tags: readonly string[];
  readonly titles?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
}

async function pushArtifact(registry: TestRegistry, pushed: Pushed): Promise<string> {
  const { name, tags, titles = [], annotations = {}, artifactType } = pushed;
  const blob = { mediaType: "application/x", digest: await registry.push(name, BYTES), size: BYTES.length };
  const layers = titles.map((title) => ({ ...blob, annotations: { [TITLE]: title } }));
  const manifest = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPE, artifactType, config: blob, layers, annotations }),
  );
  for (const key of [...tags, sha256(manifest)]) await putManifest(registry, `${name}/manifests/${key}`, manifest);
  return sha256(manifest);
}

async function putManifest({ ask }: TestRegistry, path: string, bytes: Buffer, type = MANIFEST_TYPE): Promise<void> {
  const response = await ask("PUT", `/v2/${path}`, { body: new Uint8Array(bytes), headers: { "content-type": type } });
  assert.equal(response.status, 201, await response.text());
}

async function page({ ask }: TestRegistry, query = ""): Promise<string> {
  const response = await ask("GET", `/${query}`);
  assert.equal(response.status, 200);
  return response.text();
}

/** The first position of each text in the page; all must occur. */
function positions(text: string, ...parts: readonly string[]): readonly number[] {
  return parts.map((part) => {
    assert.ok(text.includes(part), `"${part}" is missing`);
    return text.indexOf(part);
  });
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
}

suite("page", () => {
  test("sendPage() says how to push when there is nothing, or that nothing can be pushed", async (t) => {
    const registry = await openRegistry(t);
    assert.match(await page(registry), new RegExp(`pkg oci push 127\\.0\\.0\\.1:${registry.server.port}/hello:1\\.0`));
    assert.doesNotMatch(await page(await openRegistry(t, { readOnly: true })), /oci push/);
  });

  test("sendPage() lists packages, versions newest first, files, and the command for each", async (t) => {
    const registry = await openRegistry(t);
    const host = `127.0.0.1:${registry.server.port}`;
    for (const version of ["8.9.0", "8.14.1", "8.10.0"]) {
      const annotations = { "org.opencontainers.image.description": `URLs ${version}` };
      await pushArtifact(registry, { name: "curl/trurl", tags: [version], titles: ["trurl", "CHECKSUM"], annotations });
    }
    await pushArtifact(registry, { name: "docs", tags: ["1"], titles: ["a.txt"], artifactType: "text/notes" });
    const text = await page(registry);
    assert.ok(isAscending(positions(text, "curl/trurl", "8.14.1", "8.10.0", "8.9.0", ">docs<", "a.txt")));
    positions(text, "2 repositories", "URLs 8.14.1", "CHECKSUM", "1.5 kB", "text/notes");
    positions(text, `pkg install ${host}/curl/trurl:8.14.1`, `pkg oci pull ${host}/docs:1`);
  });

  test("sendPage() shows the platforms of an image index and the files in each, and a manifest's tags together", async (t) => {
    const registry = await openRegistry(t);
    const digest = await pushArtifact(registry, { name: "tool", tags: [], titles: ["tool"] });
    const child = { mediaType: MANIFEST_TYPE, digest, size: 1 };
    const platform = { os: "linux", architecture: "arm64", variant: "v8" };
    const index = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [{ ...child, platform }] }),
    );
    for (const tag of ["latest", "2.0"]) await putManifest(registry, `tool/manifests/${tag}`, index, INDEX_TYPE);
    const text = await page(registry);
    assert.ok(isAscending(positions(text, "<strong>2.0</strong>", ">latest<", "pkg install", "linux/arm64/v8")));
    assert.equal(text.match(/<summary>/g)?.length, 1);
  });

  test("sendPage() finds by name without JavaScript, and shows many on several pages", async (t) => {
    const registry = await openRegistry(t);
    for (let number = 10; number < 35; number += 1) {
      await pushArtifact(registry, { name: `many/tool${number}`, tags: ["1"] });
    }
    const [first, second] = [await page(registry), await page(registry, "?page=2")];
    positions(first, "25 repositories", "many/tool10", "many/tool29", "1 of 2", "/?page=2");
    assert.ok(!first.includes("many/tool30"));
    positions(second, "many/tool30", "many/tool34", "2 of 2");
    assert.equal(await page(registry, "?page=99"), second);
    const found = await page(registry, "?q=TOOL1+many");
    positions(found, "10 repositories", "many/tool19", 'value="TOOL1 many"');
    assert.ok(!found.includes("many/tool20"));
    positions(await page(registry, "?q=nowhere"), "No repository matches", "nowhere");
    assert.doesNotMatch(first, /<script|onclick/);
  });

  test("sendPage() shows all versions of one repository", async (t) => {
    const registry = await openRegistry(t);
    for (let number = 1; number <= 60; number += 1) {
      await pushArtifact(registry, { name: "tool", tags: [`1.${number}`], annotations: { number: `${number}` } });
    }
    const all = await page(registry);
    positions(all, "57 older versions", "/?repository=tool");
    assert.ok(!all.includes(">1.57<"));
    const one = await page(registry, "?repository=tool");
    assert.ok(isAscending(positions(one, "60 versions", ">1.60<", ">1.11<", "/?repository=tool&amp;page=2")));
    assert.ok(!one.includes(">1.10<"));
    assert.ok(isAscending(positions(await page(registry, "?repository=tool&page=2"), ">1.10<", ">1.1<")));
    positions(await page(registry, "?repository=none"), "no repository");
  });

  test("sendPage() leaves out the tags that lists of referrers are kept under", async (t) => {
    const registry = await openRegistry(t);
    await pushArtifact(registry, { name: "tool", tags: ["1", `sha256-${"a".repeat(64)}`] });
    assert.ok(!(await page(registry)).includes(`sha256-${"a".repeat(64)}`));
  });
});

suite("page safety", () => {
  /** What was pushed or requested, and how the page shows it. */
  const HOSTILE: readonly (readonly [text: string, shown: string])[] = [
    [`<script>alert(1)</script>`, "&lt;script&gt;alert(1)&lt;/script&gt;"],
    [`"><img src=x onerror=alert(1)>`, "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"],
    [`'><svg/onload=alert(1)>`, "&#39;&gt;&lt;svg/onload=alert(1)&gt;"],
    [`</style></title><h1>x`, "&lt;/style&gt;&lt;/title&gt;&lt;h1&gt;x"],
    [`\${alert(1)} {{7*7}}`, `\${alert(1)} {{7*7}}`],
    [`javascript:alert(1)`, "javascript:alert(1)"],
    [`&lt;b&gt;`, "&amp;lt;b&amp;gt;"],
    [`a\u202eb\u0000c\u200b`, "a\\u{202e}b\\u{0}c\\u{200b}"],
  ];

  for (const [text, shown] of HOSTILE) {
    test(`sendPage() shows ${JSON.stringify(text)} as text`, async (t) => {
      const registry = await openRegistry(t);
      const annotations = {
        "org.opencontainers.image.description": text,
        "org.opencontainers.image.created": text,
      };
      await pushArtifact(registry, { name: "a", tags: ["1"], titles: [text], annotations, artifactType: text });
      const pages = [
        // Its description, when it was made, a file, and what it is.
        { found: await page(registry), times: 4 },
        // In the field, and in the sentence below it.
        { found: await page(registry, `?${new URLSearchParams({ q: text })}`), times: 2 },
        { found: await page(registry, `?${new URLSearchParams({ repository: text })}`), times: 2 },
      ];
      for (const { found, times } of pages) {
        assertHarmless(found);
        assert.equal(found.split(shown).length - 1, times, `"${shown}" ${times} times`);
        assert.ok(text === shown || !found.includes(text));
      }
    });
  }

  for (const [host, wanted] of [
    [`"><script>alert(1)</script>`, 400],
    [`x"onclick=alert`, 200],
  ] as const) {
    test(`sendPage() does not repeat the invalid Host ${host}`, async (t) => {
      const registry = await openRegistry(t, { host: "0.0.0.0" });
      const sent = request({ port: registry.server.port, path: "/", headers: { host } }).end();
      const [response]: IncomingMessage[] = await once(sent, "response");
      const text = Buffer.concat((await response?.toArray()) ?? []).toString();
      assert.equal(response?.statusCode, wanted);
      assert.doesNotMatch(text, /alert/);
      assert.equal(text.includes(`127.0.0.1:${registry.server.port}`), wanted === 200);
    });
  }

  test("sendPage() allows its one style by hash, and nothing else", async (t) => {
    const { ask } = await openRegistry(t);
    const response = await ask("GET", "/", { headers: { accept: "text/html" } });
    const policy = response.headers.get("content-security-policy") ?? "";
    const style = /<style>(.*?)<\/style>/s.exec(await response.text())?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    assert.ok(policy.includes("default-src 'none'") && policy.includes(`style-src 'sha256-${hash}'`), policy);
    assert.ok(!policy.includes("unsafe"));
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.equal((await ask("HEAD", "/")).headers.get("content-type"), "text/html; charset=utf-8");
    assert.equal((await ask("POST", "/")).status, 405);
    assert.equal(
      (await ask("GET", "/other", { headers: { accept: "text/html" } })).headers.get("content-type"),
      "application/json",
    );
  });

  test("sendPage() shows a manifest it cannot read as what can be fetched", async (t) => {
    const registry = await openRegistry(t);
    const text = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: MANIFEST_TYPE,
        config: { mediaType: "x", digest: await registry.push("a", BYTES), size: 1500 },
        layers: [],
        annotations: { x: "<b>" },
      }),
    );
    await putManifest(registry, "a/manifests/1", text);
    const found = await page(registry);
    assertHarmless(found);
    positions(found, ">a<", "<strong>1</strong>", `127.0.0.1:${registry.server.port}/a:1`);
  });

  test("html() escapes text, takes markup of its own, and nothing that only looks like it", () => {
    const inner = html`<b>${"<i>"}</b>`;
    assert.equal(
      String(html`<p title="${`"'&`}">${[inner, null, 7]}</p>`),
      '<p title="&quot;&#39;&amp;"><b>&lt;i&gt;</b>7</p>',
    );
    const forged = { toString: () => "<script>" } as unknown as string;
    assert.throws(() => html`${forged}`);
  });
});

/** Elements and attributes are the page's own: what was pushed is text. */
function assertHarmless(text: string): void {
  const withoutStyle = text.replace(/<style>.*?<\/style>/s, "");
  assert.doesNotMatch(withoutStyle, /<(?:script|img|svg|iframe|object|b)\b/i);
  assert.doesNotMatch(withoutStyle.replace(/"[^"]*"/g, '""'), /<[^>]*\son\w+\s*=/i);
  assert.doesNotMatch(withoutStyle, /(?:href|src|action)="(?!\/)/i);
  assert.equal(text.match(/<\/style>/g)?.length, 1);
  assert.equal(text.match(/<\/title>/g)?.length, 1);
  assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
}
