import assert from "node:assert/strict";
import { test } from "node:test";
import { hostOf, ociPlatform } from "../../src/package/platform.ts";

test("hostOf() names the machine as package indexes do", () => {
  assert.equal(hostOf("linux", "x64"), "x86_64-linux");
  assert.equal(hostOf("linux", "arm64"), "aarch64-linux");
  assert.equal(hostOf("linux", "riscv64"), "riscv64-linux");
});

test("hostOf() refuses machines there are no packages for", () => {
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
