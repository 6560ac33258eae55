import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import bcrypt from "bcryptjs";
import { tempDirectory } from "../support/temp-home.ts";
import { startPkg } from "./servers.ts";
import { builtTool, pathOf } from "./tools.ts";

const suite = builtTool("conformance-workflows");
const skip = suite.kind === "absent" ? suite.reason : false;

/** Every workflow, so that no test is skipped for lack of content. */
const WORKFLOWS = {
  OCI_NAMESPACE: "conformance/one",
  OCI_CROSSMOUNT_NAMESPACE: "conformance/two",
  OCI_TEST_PULL: "1",
  OCI_TEST_PUSH: "1",
  OCI_TEST_CONTENT_DISCOVERY: "1",
  OCI_TEST_CONTENT_MANAGEMENT: "1",
};

/** What the suite leaves out by design: it takes names from the environment where nothing may be pushed. */
const FOR_READ_ONLY_REGISTRIES = ["Get tag name from environment", "Populate registry with test tags (no push)"];
/** For registries that refuse a mount between repositories, or that do not look for a blob elsewhere by themselves. */
const FOR_OTHER_MOUNTS = [
  "Cross-mounting of nonexistent blob should yield session id",
  "Cross-mounting without from, and automatic content discovery disabled should return a 202",
];
const AUTOMATIC = "Cross-mounting without from, and automatic content discovery enabled should return a 201";

interface Verdict {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
}

interface SuiteOptions {
  readonly variables: Readonly<Record<string, string>>;
  /** More arguments of `pkg registry serve`. */
  readonly serve?: readonly string[];
}

async function runSuite(t: TestContext, { variables, serve = [] }: SuiteOptions): Promise<Verdict> {
  const directory = tempDirectory(t);
  mkdirSync(join(directory, "server"));
  const server = await startPkg(join(directory, "server"), ...serve);
  const env = { ...WORKFLOWS, OCI_ROOT_URL: `http://${server.host}`, OCI_REPORT_DIR: directory, ...variables };
  try {
    await new Promise((resolve) => execFile(pathOf(suite), { cwd: directory, env, timeout: 60_000 }, resolve));
  } finally {
    await server.stop();
  }
  return readReport(readFileSync(join(directory, "junit.xml"), "utf8"));
}

/** The suite ends with 1 when a test fails; its report names them. */
function readReport(report: string): Verdict {
  const cases = [...report.matchAll(/<testcase name="([^"]*)"[^>]*>(.*?)<\/testcase>/gs)].map(
    ([, name = "", body = ""]) => ({ name, body }),
  );
  const namesWith = (tag: string) => cases.filter(({ body }) => body.includes(`<${tag}`)).map(({ name }) => name);
  const failed = [...namesWith("failure"), ...namesWith("error")];
  const skipped = namesWith("skipped");
  return { passed: cases.length - failed.length - skipped.length, failed, skipped };
}

for (const deleteManifestFirst of ["0", "1"]) {
  for (const automatic of [null, "1"]) {
    const order = deleteManifestFirst === "1" ? "manifests deleted before blobs" : "blobs deleted before manifests";
    const mounts = automatic === null ? "" : ", mounts without a source";
    test(`pkg registry serve passes the four workflows of the OCI conformance suite of 2023, ${order}${mounts}`, {
      skip,
    }, async (t) => {
      const { passed, failed, skipped } = await runSuite(t, {
        variables: {
          OCI_DELETE_MANIFEST_BEFORE_BLOBS: deleteManifestFirst,
          ...(automatic === null ? {} : { OCI_AUTOMATIC_CROSSMOUNT: automatic }),
        },
      });
      t.diagnostic(`${passed} passed, ${failed.length} failed, ${skipped.length} left out`);
      assert.deepEqual(failed, []);
      const leftOut = [...FOR_READ_ONLY_REGISTRIES, ...FOR_OTHER_MOUNTS, ...(automatic === null ? [AUTOMATIC] : [])];
      const unexpected = skipped.filter((name) => !leftOut.some((ending) => name.endsWith(ending)));
      assert.deepEqual(unexpected, []);
      assert.ok(passed >= 63, `only ${passed} passed`);
    });
  }
}

test("pkg registry serve passes the four workflows of the OCI conformance suite of 2023 when it asks for a password", {
  skip,
}, async (t) => {
  const htpasswd = join(tempDirectory(t), "htpasswd");
  writeFileSync(htpasswd, `tester:${bcrypt.hashSync("secret", 4)}\n`);
  const serve = ["--htpasswd", htpasswd];
  const { passed, failed } = await runSuite(t, {
    variables: { OCI_USERNAME: "tester", OCI_PASSWORD: "secret" },
    serve,
  });
  assert.deepEqual(failed, []);
  assert.ok(passed >= 63, `only ${passed} passed`);
  const refused = await runSuite(t, { variables: { OCI_USERNAME: "tester", OCI_PASSWORD: "wrong" }, serve });
  assert.notDeepEqual(refused.failed, []);
});
