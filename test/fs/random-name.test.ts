import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fromKernel, randomName } from "../../src/fs/random-name.ts";
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
  assert.equal(fromKernel()?.length, 8);
  assert.equal(fromKernel({ path: file, device }), null);
  assert.equal(fromKernel({ path: `${file}-missing`, device }), null);
  // A device, and another one.
  assert.equal(fromKernel({ path: "/dev/zero", device }), null);
});
