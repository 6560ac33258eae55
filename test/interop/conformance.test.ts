import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import bcrypt from "bcryptjs";
import { tempDirectory } from "../support/temp-home.ts";
import { startPkg } from "./servers.ts";
import { builtTool, pathOf } from "./tools.ts";

const suite = builtTool("conformance");
const skip = suite.kind === "absent" ? suite.reason : false;
const SUITE_TIMEOUT_MS = 120_000;

/** Off by default, as a registry may refuse it; `--sparse` takes it. */
const SPARSE = { OCI_DATA_SPARSE: "true" };
/** Planned for the next version of the specification, and not in 1.1. */
const NEXT = ["Blob upload cancel", "Manifest put with tag params", "Tag Param", "Tag Param sha512"];

interface Verdict {
  readonly passed: number;
  readonly failed: readonly string[];
  /** Of the suite's table of features, those that did not pass, e.g. `Referrers: Skip`. */
  readonly notPassed: readonly string[];
}

interface SuiteOptions {
  readonly variables: Readonly<Record<string, string>>;
  /** More arguments of `pkg registry serve`. */
  readonly serve?: readonly string[];
}

async function runSuite(t: TestContext, { variables, serve = [] }: SuiteOptions): Promise<Verdict> {
  const results = tempDirectory(t);
  const server = await startPkg(tempDirectory(t), ...serve);
  const env = { OCI_REGISTRY: server.host, OCI_TLS: "disabled", OCI_RESULTS_DIR: results, ...variables };
  try {
    const options = { cwd: results, env, timeout: SUITE_TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 };
    await new Promise((resolve) => execFile(pathOf(suite), options, resolve));
  } finally {
    await server.stop();
  }
  return { ...readCases(join(results, "junit.xml")), notPassed: readFeatures(join(results, "results.yaml")) };
}

/** The suite ends with 1 when a test fails; its report names them. */
function readCases(path: string): Pick<Verdict, "passed" | "failed"> {
  const cases = [...readFileSync(path, "utf8").matchAll(/<testcase name="([^"]*)"[^>]* status="(\w+)"/g)];
  const failed = cases
    .filter(([, , status]) => status === "failure" || status === "error")
    .map(([, name = ""]) => name);
  return { passed: cases.filter(([, , status]) => status === "passed").length, failed };
}

function readFeatures(path: string): readonly string[] {
  const [, apis = "", data = ""] = /^apis:\n(.*)^data:\n(.*)/ms.exec(readFileSync(path, "utf8")) ?? [];
  const features = [...`${apis}${data}`.matchAll(/^ {2}(.+: \w+)$/gm)].map(([, feature = ""]) => feature);
  assert.ok(features.length >= 50, `only ${features.length} features are told of`);
  return features.filter((feature) => !feature.endsWith(": Pass"));
}

function assertPassed(t: TestContext, { passed, failed, notPassed }: Verdict, disabled: readonly string[]): void {
  t.diagnostic(`${passed} passed, ${failed.length} failed`);
  assert.deepEqual(failed, []);
  assert.deepEqual(new Set(notPassed), new Set(disabled.map((feature) => `${feature}: Disabled`)));
}

test("pkg registry serve passes the OCI conformance suite, nothing left out", { skip }, async (t) => {
  const verdict = await runSuite(t, { variables: SPARSE, serve: ["--sparse"] });
  assertPassed(t, verdict, NEXT);
  assert.ok(verdict.passed >= 700, `only ${verdict.passed} passed`);
});

test("pkg registry serve passes the OCI conformance suite of the specification's next version", { skip }, async (t) => {
  const verdict = await runSuite(t, { variables: { ...SPARSE, OCI_VERSION: "dev" }, serve: ["--sparse"] });
  assertPassed(t, verdict, []);
  assert.ok(verdict.passed >= 800, `only ${verdict.passed} passed`);
});

test("pkg registry serve passes the OCI conformance suite by default, but for manifests that lack something", {
  skip,
}, async (t) => {
  assertPassed(t, await runSuite(t, { variables: { OCI_VERSION: "dev" } }), ["Sparse Manifests"]);
});

test("pkg registry serve passes the OCI conformance suite when it asks for a password", { skip }, async (t) => {
  const htpasswd = join(tempDirectory(t), "htpasswd");
  writeFileSync(htpasswd, `tester:${bcrypt.hashSync("secret", 4)}\n`);
  const variables = { OCI_USERNAME: "tester", OCI_PASSWORD: "secret" };
  const verdict = await runSuite(t, { variables, serve: ["--htpasswd", htpasswd] });
  assertPassed(t, verdict, [...NEXT, "Sparse Manifests"]);
});
