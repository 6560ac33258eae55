import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { after, before, suite, test } from "node:test";
import { type ServerProcess, startServer } from "../interop/process.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { COMPILE_CACHE, MAIN } from "../support/pkg-process.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { type Example, examplesOf } from "./examples.ts";

const ROOT = join(import.meta.dirname, "../..");
const EXAMPLES = examplesOf(readFileSync(join(ROOT, "docs/oci.md"), "utf8"));
const EXAMPLE_TIMEOUT_MS = 60_000;

suite("docs/oci.md", { skip: skipWithout("curl", "jq") }, () => {
  const servers: ServerProcess[] = [];
  /** Hosts as the page writes them, and where they are. */
  const hosts = new Map<string, string>();
  after(() => Promise.all(servers.map((server) => server.stop())));
  const home = tempDirectory({ after });
  const bin = join(home, "bin");
  const modules = join(home, "modules");
  const here = (text: string) => [...hosts].reduce((known, [told, found]) => known.replaceAll(told, found), text);
  const asTold = (text: string) =>
    [...hosts].reduce((known, [told, found]) => known.replaceAll(found, told), text.replaceAll(home, "/home/you"));
  const typescript = EXAMPLES.filter(({ language }) => language === "typescript");

  before(() => {
    mkdirSync(bin);
    mkdirSync(modules);
    const program = join(bin, "pkg");
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
    chmodSync(program, 0o755);
    writeFileSync(join(modules, "package.json"), '{"type":"module"}');
  });

  for (const example of EXAMPLES) {
    test(`line ${example.line}: ${example.code.split("\n", 1)[0]}`, async () => {
      if (example.code.trimEnd().endsWith(" &")) return startServers(example);
      const found = example.language === "sh" ? runShell(example) : runModule(example);
      if (example.printed !== null) assert.equal(asTold(found), example.printed);
    });
  }

  test("the modules keep to their types", () => {
    const settings = {
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: { typeRoots: [join(ROOT, "node_modules/@types")] },
      include: ["*.ts", join(ROOT, "src/**/*.d.ts")],
    };
    writeFileSync(join(modules, "tsconfig.json"), JSON.stringify(settings));
    run(join(ROOT, "node_modules/.bin/tsc"), ["--noEmit", "-p", modules], "types");
    assert.ok(typescript.length > 0);
  });

  /** Lines such as `pkg registry serve --root one --port 5000 &`, each at a free port. */
  async function startServers({ code }: Example): Promise<void> {
    for (const line of code.trimEnd().split("\n")) {
      const [program = "", ...words] = line.replace(/ &$/, "").split(" ");
      const told = words[words.indexOf("--port") + 1] ?? "";
      const args = (port: number) => words.map((word) => (word === told ? String(port) : word));
      const server = await startServer({ program: join(bin, program), args, directory: home, env: COMPILE_CACHE });
      servers.push(server);
      hosts.set(`127.0.0.1:${told}`, server.host);
    }
  }

  function runShell({ code, line }: Example): string {
    // Modes of what is made here are part of digests.
    return run("bash", ["-euo", "pipefail", "-c", `umask 022\n${here(code)}`], `line ${line}`);
  }

  function runModule({ code, line }: Example): string {
    const file = join(modules, `line-${line}.ts`);
    writeFileSync(file, here(code).replace('"pkg/oci"', JSON.stringify(publicFace())));
    return run(process.execPath, [file], `line ${line}`);
  }

  function run(program: string, args: readonly string[], what: string): string {
    const PATH = [bin, dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter);
    const env = { HOME: home, PKG_HOME: join(home, ".pkg"), PATH, NO_COLOR: "1", LANG: "C.UTF-8", ...COMPILE_CACHE };
    const options = { cwd: home, env, encoding: "utf8", timeout: EXAMPLE_TIMEOUT_MS } as const;
    const { status, stdout, stderr } = spawnSync(program, args, options);
    assert.equal(status, 0, `${what}: ${stderr}${stdout}`);
    return stdout;
  }
});

/** The file that `package.json` gives for `pkg/oci`. */
function publicFace(): string {
  const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  return join(ROOT, exports?.["./oci"] ?? "src/library.ts");
}
