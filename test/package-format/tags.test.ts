import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { isTag } from "../../src/oci/reference.ts";
import { hostTags, rollingTags, versionTag } from "../../src/package-format/tags.ts";

const ROLLING: readonly (readonly [version: string, tags: readonly string[]])[] = [
  ["8.14.1", ["8.14", "8", "latest"]],
  ["v8.14.1", ["v8.14", "v8", "latest"]],
  ["8", ["latest"]],
  ["1.2.3.4", ["1.2.3", "1.2", "1", "latest"]],
  ["8.14.1-2", ["8.14", "8", "latest"]],
  ["1.2.3+build.5", ["1.2", "1", "latest"]],
  ["2025.01.31", ["2025.01", "2025", "latest"]],
  ["2025-01-31", ["latest"]],
  ["tool-v3.1", ["latest"]],
  ["8.15.0-rc1", []],
  ["2.0b3", []],
  ["1.0.0-alpha.1", []],
  ["HEAD-abc1234-250131T120000", []],
  ["nightly", []],
];

for (const [version, tags] of ROLLING) {
  test(`rollingTags() of ${version}`, () => assert.deepEqual(rollingTags(version), tags));
}

test("rollingTags() never holds the version's own tag", () => {
  for (const [version] of ROLLING) assert.equal(rollingTags(version).includes(versionTag(version)), false, version);
});

test("versionTag() replaces characters that a tag cannot hold, and refuses the tag of the newest version", () => {
  assert.equal(versionTag("1.2.3+5"), "1.2.3_5");
  assert.throws(
    () => versionTag("latest"),
    (error) => hasCode(error, "PUBLISH_INVALID"),
  );
});

const linux = (architecture: string, variant?: string) => ({
  os: "linux",
  architecture,
  ...(variant === undefined ? {} : { variant }),
});

test("hostTags() names each platform as today's registries do, without the C library for the best build", () => {
  const builds = [
    { platform: linux("amd64"), libc: "musl" as const },
    { platform: linux("arm64"), libc: "glibc" as const },
    { platform: linux("amd64"), libc: "glibc" as const },
    { platform: linux("amd64"), libc: "static" as const },
    { platform: linux("arm", "v7"), libc: null },
    { platform: linux("riscv64"), libc: "musl" as const },
    { platform: linux("386"), libc: "static" as const },
  ];
  const tags = hostTags("8.14.1+5", builds);
  assert.deepEqual(
    builds.map((build) => tags.get(build)),
    [
      "8.14.1_5-x86_64-linux-musl",
      "8.14.1_5-aarch64-linux",
      "8.14.1_5-x86_64-linux-glibc",
      "8.14.1_5-x86_64-linux",
      "8.14.1_5-armv7-linux",
      "8.14.1_5-riscv64-linux",
      "8.14.1_5-i686-linux",
    ],
  );
  for (const tag of tags.values()) assert.ok(isTag(tag));
});

test("hostTags() refuses a tag that is too long", () => {
  const builds = [{ platform: linux("amd64"), libc: null }];
  assert.throws(
    () => hostTags("1".repeat(120), builds),
    (error) => hasCode(error, "PUBLISH_INVALID") && /too long/.test(error.message),
  );
});
