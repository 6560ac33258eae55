import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { findProgram, type ImageProgram, listPrograms } from "../../src/image/find-program.ts";
import { readImageConfig } from "../../src/image/image-config.ts";
import { layerFiles } from "../../src/image/layer-files.ts";
import { Overlay } from "../../src/image/overlay.ts";

const DIFF_ID = `sha256:${"a".repeat(64)}`;

/** The config of an image as it stands in a registry. */
function configOf(config: object = {}, others: object = {}): Buffer {
  return Buffer.from(JSON.stringify({ config, rootfs: { type: "layers", diff_ids: [DIFF_ID] }, ...others }));
}

interface Case {
  readonly config: object;
  /** Paths of executable files in the only layer. */
  readonly files: readonly string[];
  readonly asked?: string;
}

function find({ config, files, asked }: Case, isComplete = true): ImageProgram {
  const overlay = new Overlay();
  const mode = (path: string) => (path.endsWith(".txt") ? 0o644 : 0o755);
  overlay.add(layerFiles(files.map((path) => ({ path, entry: { kind: "file", mode: mode(path), size: 1 } }))));
  if (isComplete) overlay.complete();
  return findProgram(overlay, readImageConfig(configOf(config)), asked ?? null);
}

function told(program: ImageProgram): string {
  if (program.kind === "program") return `${program.name} at ${program.file.path}`;
  return program.kind === "none" ? program.reason : program.kind;
}

suite("findProgram()", () => {
  const cases: readonly (readonly [Case, string])[] = [
    [{ config: { Entrypoint: ["/uv"] }, files: ["uv", "uvx"] }, "uv at uv"],
    [{ config: { Entrypoint: ["/uv"], Cmd: ["--help"] }, files: ["uv"] }, "uv at uv"],
    [{ config: { Cmd: ["oras", "help"] }, files: ["bin/oras"] }, "oras at bin/oras"],
    [{ config: { Entrypoint: ["oras"] }, files: ["usr/local/bin/oras", "bin/oras"] }, "oras at usr/local/bin/oras"],
    [
      { config: { Entrypoint: ["oras"], Env: ["PATH=/x", "PATH=/opt:/y"] }, files: ["bin/oras", "opt/oras"] },
      "oras at opt/oras",
    ],
    [{ config: { Entrypoint: ["./run"], WorkingDir: "/app" }, files: ["app/run"] }, "run at app/run"],
    [
      { config: { Entrypoint: ["tool"], Env: ["PATH=:relative:/bin"] }, files: ["tool", "bin/tool"] },
      "tool at bin/tool",
    ],
    [{ config: { Entrypoint: ["/uv"] }, files: ["uv", "uvx"], asked: "/uvx" }, "uvx at uvx"],
    [{ config: { Entrypoint: ["/bin/sh"] }, files: ["bin/sh", "bin/jq"], asked: "jq" }, "jq at bin/jq"],
    [{ config: { Entrypoint: ["/bin/sh"] }, files: ["bin/sh"], asked: "sh" }, "sh at bin/sh"],
    [{ config: { Entrypoint: "/uv" }, files: ["uv"] }, "uv at uv"],
    [{ config: { Cmd: "/uv" }, files: ["uv"] }, "uv at uv"],
    [{ config: { Entrypoint: [""], Cmd: ["uv"] }, files: ["bin/uv"] }, "uv at bin/uv"],
    [
      { config: { Entrypoint: [`/${"x".repeat(5000)}`] }, files: ["uv"] },
      `"/${"x".repeat(79)}…" is too long to be a program's path`,
    ],
    [{ config: {}, files: ["bin/uv"], asked: "/bin" }, 'the image has no "/bin", only a directory of that name'],
    [{ config: {}, files: ["uv"] }, "the image names no program"],
    [{ config: { Entrypoint: [], Cmd: [""] }, files: ["uv"] }, "the image names no program"],
    [
      { config: { Entrypoint: ["/bin/sh", "-c", "uv"] }, files: ["bin/sh"] },
      'the image starts "/bin/sh", which starts other programs',
    ],
    [
      { config: { Entrypoint: ["tini", "--", "uv"] }, files: ["bin/uv"] },
      'the image starts "tini", which starts other programs',
    ],
    [{ config: { Cmd: ["python3.13"] }, files: [] }, 'the image starts "python3.13", which starts other programs'],
    [
      { config: { Entrypoint: ["/docker-entrypoint.sh"] }, files: [] },
      'the image starts "/docker-entrypoint.sh", which starts other programs',
    ],
    [
      { config: { Entrypoint: ["uv.txt"], Env: ["PATH=/a:/b"] }, files: ["a/uv.txt", "b/uv.txt"] },
      '"uv.txt" is not executable',
    ],
    [{ config: {}, files: ["a/b", "usr/bin/uv"], asked: "usr/bin/uv" }, "uv at usr/bin/uv"],
    [{ config: { WorkingDir: "/app" }, files: ["app/uv"], asked: "uv" }, "uv at app/uv"],
    [{ config: { Cmd: ["pwsh"] }, files: ["bin/pwsh"] }, 'the image starts "pwsh", which starts other programs'],
    [{ config: { Entrypoint: ["/uv"] }, files: ["uvx"] }, 'the image has no "/uv"'],
    [{ config: { Entrypoint: ["/uv.txt"] }, files: ["uv.txt"] }, '"/uv.txt" is not executable'],
    [{ config: { Entrypoint: ["/uv"] }, files: ["uv"], asked: "gone" }, 'the image has no "gone"'],
    [{ config: { Entrypoint: ["/opt"] }, files: ["opt/uv"] }, 'the image has no "/opt"'],
  ];
  for (const [one, expected] of cases) {
    test(`${JSON.stringify(one)}: ${expected}`, () => assert.equal(told(find(one)), expected));
  }

  test("passes over what is not executable, as a shell does", () => {
    const overlay = new Overlay();
    const file = (path: string, mode: number) => ({ path, entry: { kind: "file", mode, size: 1 } as const });
    overlay.add(layerFiles([file("a/uv", 0o644), file("b/uv", 0o755)]));
    overlay.complete();
    const config = readImageConfig(configOf({ Entrypoint: ["uv"], Env: ["PATH=/a:/b"] }));
    assert.equal(told(findProgram(overlay, config, null)), "uv at b/uv");
  });

  test("asks for more layers only when they may decide it", () => {
    assert.equal(told(find({ config: { Entrypoint: ["/uv"] }, files: ["a"] }, false)), "more");
    assert.equal(told(find({ config: { Entrypoint: ["uv"] }, files: ["bin/uv"] }, false)), "uv at bin/uv");
    assert.match(told(find({ config: { Entrypoint: ["/bin/bash"] }, files: [] }, false)), /starts other programs$/);
  });
});

test("listPrograms() leaves out shells, and has interpreters, which one may want", () => {
  const overlay = new Overlay();
  const names = ["deno", "tini", "python3.13", "sh", "busybox", "tool"];
  overlay.add(
    layerFiles(names.map((name) => ({ path: `bin/${name}`, entry: { kind: "file", mode: 0o755, size: 1 } }))),
  );
  overlay.complete();
  const config = readImageConfig(configOf({ Entrypoint: ["/tini", "--", "docker-entrypoint.sh"] }));
  assert.deepEqual(listPrograms(overlay, config), { names: ["deno", "python3.13", "tool"], count: 3 });
});

suite("readImageConfig()", () => {
  test("reads what an image says", () => {
    const labels = { "org.opencontainers.image.version": "1.2", odd: 7 };
    const bytes = configOf({ Labels: labels, WorkingDir: "/app" }, { architecture: "amd64", os: "linux" });
    const { architecture, os, workingDirectory, diffIds, labels: read, path } = readImageConfig(bytes);
    assert.deepEqual([architecture, os, workingDirectory, diffIds], ["amd64", "linux", "/app", [DIFF_ID]]);
    assert.deepEqual([...read], [["org.opencontainers.image.version", "1.2"]]);
    assert.equal(path.length, 6);
  });

  test("reads an image that says nothing", () => {
    const config = readImageConfig(Buffer.from('{"rootfs":{"diff_ids":[]},"config":null}'));
    assert.deepEqual([config.entrypoint, config.cmd, config.workingDirectory, config.os], [[], [], "/", null]);
  });

  for (const text of [
    "",
    "[]",
    "{}",
    '{"rootfs":{}}',
    '{"rootfs":{"diff_ids":["sha256:x"]}}',
    '{"rootfs":{"diff_ids":{}}}',
  ]) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      const expected = { code: "MANIFEST_INVALID", message: /^Cannot read the image's config: / };
      assert.throws(() => readImageConfig(Buffer.from(text)), expected);
    });
  }
});
