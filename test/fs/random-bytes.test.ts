import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fromKernel, randomBytes } from "../../src/fs/random-bytes.ts";
import { randomName } from "../../src/fs/random-name.ts";
import { tempDirectory } from "../support/temp-home.ts";

test("randomName() gives 64 bits that differ each time", () => {
  const names = new Set(Array.from({ length: 100 }, randomName));
  assert.equal(names.size, 100);
  for (const name of names) assert.match(name, /^[0-9a-f]{16}$/);
});

test("fromKernel() takes nothing that is not the kernel's source", { skip: process.platform !== "linux" }, (t) => {
  const file = join(tempDirectory(t), "urandom");
  writeFileSync(file, "the same for everybody");
  const device = 0x109;
  assert.equal(fromKernel(8)?.length, 8);
  assert.equal(fromKernel(8, { path: file, device }), null);
  assert.equal(fromKernel(8, { path: `${file}-missing`, device }), null);
  // A device, and another one.
  assert.equal(fromKernel(8, { path: "/dev/zero", device }), null);
});

test("randomBytes() fills all that it is asked for", () => {
  const bytes = randomBytes(1024 * 1024);
  // A byte in 256 is 0 by chance; a thousand in a row are not.
  for (let at = 0; at < bytes.length; at += 1024) assert.ok(bytes.subarray(at, at + 1024).some((byte) => byte !== 0));
});
