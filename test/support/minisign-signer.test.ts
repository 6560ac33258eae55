import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { skipWithout } from "./docker-registry.ts";
import { createSigner, type SignOptions } from "./minisign-signer.ts";
import { tempDirectory } from "./temp-home.ts";

const run = promisify(execFile);
const skip = skipWithout("minisign");
const CONTENT = Buffer.from("content to be signed\n");

for (const options of [{}, { algorithm: "Ed" }, { trustedComment: "anything" }] as const satisfies SignOptions[]) {
  test(`sign() makes what minisign accepts with ${JSON.stringify(options)}`, { skip }, async (t) => {
    const directory = tempDirectory(t);
    const signer = createSigner();
    writeFileSync(join(directory, "file"), CONTENT);
    writeFileSync(join(directory, "file.minisig"), signer.sign(CONTENT, "file", options));
    writeFileSync(join(directory, "key.pub"), signer.publicKeyFile);
    for (const key of [
      ["-P", signer.publicKey],
      ["-p", "key.pub"],
    ]) {
      const { stdout } = await run("minisign", ["-V", "-m", "file", ...key], { cwd: directory });
      assert.match(stdout, /Signature and comment signature verified/);
    }
  });
}

test("createSigner() names its key as minisign does", { skip }, async (t) => {
  const directory = tempDirectory(t);
  const [signer, other] = [createSigner(), createSigner()];
  writeFileSync(join(directory, "file"), CONTENT);
  writeFileSync(join(directory, "file.minisig"), signer.sign(CONTENT, "file"));
  await assert.rejects(
    run("minisign", ["-V", "-m", "file", "-P", other.publicKey], { cwd: directory }),
    (error: Error) => {
      // minisign prints the number without zeros in front.
      for (const { keyId } of [signer, other])
        assert.ok(error.message.includes(keyId.replace(/^0+/, "")), error.message);
      return true;
    },
  );
});
