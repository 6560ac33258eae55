import assert from "node:assert/strict";
import { test } from "node:test";
import { MACHINES } from "../../src/base/machines.ts";
import { hostName, hostOf, isTagOf, ociPlatform, withoutHost } from "../../src/package/platform.ts";

test("hostOf() names the machine as package indexes do", () => {
  assert.equal(hostOf("linux", "x64"), "x86_64-linux");
  assert.equal(hostOf("linux", "arm64"), "aarch64-linux");
  assert.equal(hostOf("linux", "riscv64"), "riscv64-linux");
});

test("hostOf() refuses machines that have no packages", () => {
  for (const [platform, arch] of [
    ["darwin", "arm64"],
    ["win32", "x64"],
    ["linux", "ia32"],
  ] as const) {
    assert.throws(() => hostOf(platform, arch), {
      code: "PLATFORM_UNSUPPORTED",
      message: new RegExp(`"${arch}-${platform}"`),
    });
  }
});

test("ociPlatform() says the same in the words of OCI", () => {
  assert.deepEqual(ociPlatform("x86_64-linux"), { os: "linux", architecture: "amd64" });
  assert.deepEqual(ociPlatform("aarch64-linux"), { os: "linux", architecture: "arm64" });
  assert.deepEqual(ociPlatform("riscv64-linux"), { os: "linux", architecture: "riscv64" });
});

test("hostName() is the opposite of ociPlatform(), for every machine; it keeps a variant, and what it does not know", () => {
  for (const { host } of MACHINES) assert.equal(hostName(ociPlatform(`${host}-linux`)), `${host}-linux`);
  assert.equal(hostName({ os: "linux", architecture: "arm", variant: "v7" }), "armv7-linux");
  assert.equal(hostName({ os: "linux", architecture: "ppc64le" }), "ppc64le-linux");
});

test("withoutHost() takes the host off a tag, and nothing else", () => {
  assert.equal(withoutHost("8.14.1-x86_64-linux"), "8.14.1");
  assert.equal(withoutHost("HEAD-abc-X86_64-Linux"), "HEAD-abc");
  for (const ending of [
    "amd64",
    "arm64",
    "linux-amd64",
    "linux_arm64",
    "arm64-v8",
    "linux-arm-v7",
    "x86_64-linux-musl",
  ])
    assert.equal(withoutHost(`8.14.1-${ending}`), "8.14.1", ending);
  for (const tag of ["8.14.1", "8.14.1-linux", "8.14.1-386", "x86_64-linux"]) assert.equal(withoutHost(tag), tag);
});

test("isTagOf() knows a host's tags as anybody writes them", () => {
  for (const tag of ["1-x86_64-linux", "1-amd64", "1-linux-amd64", "1-x86_64-linux-musl"])
    assert.equal(isTagOf(tag, "x86_64-linux"), true, tag);
  for (const tag of ["1", "1-arm64", "1-aarch64-linux"]) assert.equal(isTagOf(tag, "x86_64-linux"), false, tag);
});
