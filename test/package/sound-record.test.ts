import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf } from "../../src/oci/digest.ts";
import { unsoundIn } from "../../src/package/sound-record.ts";

const DIGEST = digestOf(Buffer.from("x"));
const FILE = { path: "bin/x", digest: DIGEST, size: 1, mode: 0o755, blake3: null };
const LINK = { path: "x", target: "bin/x", kind: "link" as const };
const SOUND = { directory: "x/1.0-0123456789ab", files: [FILE], links: [LINK], taken: [] };

test("unsoundIn() names a path that leads out of where packages are, and a digest that is none", () => {
  assert.equal(unsoundIn(SOUND), null);
  const keg = { ...SOUND, directory: "@prefix/Cellar/x/1.0", links: [{ ...LINK, path: "@prefix/opt/x", target: "." }] };
  assert.equal(unsoundIn(keg), null);
  for (const path of ["../x", "/etc", "a//b", "a/./b", "@prefix/../x", "@data/../x", "", "a\0b"]) {
    const file = [{ ...FILE, path }];
    const link = [{ ...LINK, path }];
    for (const change of [{ directory: path }, { files: file }, { links: link }, { taken: link }])
      assert.notEqual(unsoundIn({ ...SOUND, ...change }), null, `${JSON.stringify(change)}`);
  }
  assert.equal(unsoundIn({ ...SOUND, links: [{ ...LINK, target: "../../y" }] }), "../../y");
  const lost = Object.assign(DIGEST.slice(0, 9) as typeof DIGEST);
  assert.equal(unsoundIn({ ...SOUND, files: [{ ...FILE, digest: lost }] }), lost);
});
