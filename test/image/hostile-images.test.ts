import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { pax } from "../archive/tar-builder.ts";
import { runPkg } from "../support/run-pkg.ts";
import { staticProgram } from "../support/static-program.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";
import { LAYER_TYPE, type TestImage, type TestLayer, writeImages } from "./image-builder.ts";

const TOOL = staticProgram("tool\n");
const ENTRYPOINT = { Entrypoint: ["/tool"] };
const NO_DIGEST = `sha256:${"0".repeat(64)}`;

/** An image that starts `/tool`, of these layers, the lowest first. */
function image(...layers: readonly TestLayer["files"][]): TestImage {
  return { layers: layers.map((files) => ({ files })), config: ENTRYPOINT };
}

function withLayer(layer: Partial<TestLayer>): TestImage {
  return { layers: [{ files: { tool: TOOL }, ...layer }], config: ENTRYPOINT };
}

const started = (word: string, files: TestLayer["files"] = {}) => ({
  ...image({ "usr/bin/jqx": TOOL, ...files }),
  config: { Entrypoint: [word] },
});

interface Hostile {
  readonly image: TestImage;
  readonly error: RegExp;
  readonly words?: readonly string[];
}

const CASES: Readonly<Record<string, Hostile>> = {
  "a shell as entrypoint": {
    image: started("/bin/sh", { "bin/sh": TOOL }),
    error: /the image starts "\/bin\/sh", which starts other programs\nhint: Name a program with --program: jqx\n/,
  },
  "an interpreter": { image: started("python3.13"), error: /starts "python3.13", which starts other programs/ },
  tini: { image: started("tini"), error: /starts "tini", which starts other programs/ },
  "docker-entrypoint.sh": { image: started("/docker-entrypoint.sh"), error: /which starts other programs/ },
  "a shell under another name": {
    image: started("/run-it", { "run-it": { link: "bin/busybox" }, "bin/busybox": TOOL }),
    error: /the image starts "\/run-it", which is "\/bin\/busybox" and starts other programs\nhint: .*jqx/,
  },
  "a script as entrypoint": {
    image: image({ tool: "#!/bin/sh\nexec /opt/real\n", "usr/bin/jqx": TOOL, "bin/data": "x" }),
    error: /"tool" is a script, which needs the rest of the image\nhint: Name a program with --program: jqx, tool\n/,
  },
  "a script whose interpreter is not here": {
    image: image({ tool: "#!/opt/none\n" }),
    error: /"tool" could not start here: "\/opt\/none", which runs it, does not exist/,
    words: ["--program", "tool"],
  },
  "a script with libraries": {
    image: image({ tool: "#!/bin/sh\nexec /opt/real\n" }),
    error: /"\/tool" is a script or data, and libraries are for programs\nhint: Leave out --with-libraries/,
    words: ["--with-libraries", "--program", "tool"],
  },
  "no entrypoint": {
    image: { ...image({ tool: TOOL }), config: {} },
    error: /the image names no program\nhint: .*tool/,
  },
  "no config": { image: { ...image({ tool: TOOL }), config: null }, error: /the image has no config/ },
  "a config that is too large": {
    image: { ...image({ tool: TOOL }), config: { ...ENTRYPOINT, Labels: { a: "x".repeat(4 * 1024 * 1024) } } },
    error: /the image's config has \d+ bytes, at most 4194304 are read/,
  },
  "no program of that name": {
    image: image({ tool: TOOL }),
    error: /the image has no "gone"\nhint: Name a program with --program: tool\n/,
    words: ["--program", "gone"],
  },
  "a program that is not executable": {
    image: image({ tool: { body: TOOL, mode: 0o644 } }),
    error: /"\/tool" is not executable/,
  },
  "a library as program": { image: image({ tool: "text" }), error: /"tool" is text|expected a program/ },
  "a sparse file as program": {
    image: image({ "tool-x": pax({ "GNU.sparse.name": "tool" }), tool: TOOL }),
    error: /"\/tool" is a sparse file, which is not supported/,
  },
  "another machine": {
    image: { ...image({ tool: TOOL }), architecture: "s390x" },
    error: /the image is for linux\/s390x, expected linux\/amd64/,
  },
  "a link out of the image": {
    image: image({ tool: { link: "../../../../../../bin/cat" } }),
    error: /the image has no "\/tool"/,
  },
  "a hard link out of the image": {
    image: image({ tool: { type: "1", target: "/bin/cat" } }),
    error: /the image has no "\/tool"/,
  },
  "a circle of links": { image: image({ tool: { link: "a" }, a: { link: "tool" } }), error: /has no "\/tool"/ },
  "a device as program": { image: image({ tool: { type: "3" } }), error: /has no "\/tool"/ },
  "a device over a program": { image: image({ tool: TOOL }, { tool: { type: "3" } }), error: /has no "\/tool"/ },
  "a program that was removed": { image: image({ tool: TOOL }, { ".wh.tool": "" }), error: /has no "\/tool"/ },
  "an opaque root": { image: image({ tool: TOOL }, { ".wh..wh..opq": "" }), error: /has no "\/tool"/ },
  "a directory in its place": { image: image({ tool: TOOL }, { "tool/": { type: "5" } }), error: /has no "\/tool"/ },
  "a whiteout of a whiteout": {
    image: image({ tool: TOOL }, { ".wh.tool": "", ".wh..wh.tool": "" }),
    error: /has no "\/tool"/,
  },
  "a diff_id that lies": {
    image: withLayer({ diffId: NO_DIGEST }),
    error:
      /layer 1: Cannot unpack the layer: unpacked it is "sha256:[0-9a-f]{64}", expected "sha256:0+", as the image's config/,
  },
  "more diff_ids than layers": {
    image: { ...image({ tool: TOOL }), diffIds: [NO_DIGEST, NO_DIGEST] },
    error: /its config has 2 layers, expected 1, as in its manifest/,
  },
  "diff_ids that are none": {
    image: { ...image({ tool: TOOL }), diffIds: ["sha256:x"] },
    error: /its "rootfs.diff_ids" is not a list of digests/,
  },
  "200 layers": {
    image: image(...Array.from({ length: 200 }, (_, index) => ({ [`f${index}`]: "", tool: TOOL }))),
    error: /the image has 200 layers, expected at most 127/,
  },
  "no layers": { image: { layers: [], config: ENTRYPOINT }, error: /the image has no layers/ },
  "a foreign layer": {
    image: withLayer({ mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" }),
    error: /layer 1 of the image may not be distributed/,
  },
  "a non-distributable layer": {
    image: withLayer({ mediaType: "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip" }),
    error: /layer 1 of the image may not be distributed/,
  },
  "an encrypted layer": {
    image: withLayer({ mediaType: `${LAYER_TYPE}+encrypted` }),
    error: /layer 1 of the image is of the type ".*encrypted", expected a tar/,
  },
  "a layer that is no tar": { image: withLayer({ compress: () => Buffer.from("x".repeat(2000)) }), error: /layer 1: / },
  "a layer that is cut off": { image: withLayer({ compress: (tar) => tar.subarray(0, 700) }), error: /layer 1: / },
  "a path that is too deep": {
    image: image({ a: { ...pax({ path: `${"d/".repeat(101)}x` }) }, tool: TOOL }),
    error: /layer 1: .* is 102 deep, at most 100 is/,
  },
  "two programs of one name": {
    image: image({ "bin/tool": TOOL, "opt/tool": TOOL }),
    error: /"\/bin\/tool" and "\/opt\/tool" have the same name/,
    words: ["--program", "/bin/tool", "--program", "/opt/tool"],
  },
  "a name that no command can have": {
    image: image({ "bin/-rf": TOOL }),
    error: /"-rf" cannot be the name of a command/,
    words: ["--program", "/bin/-rf"],
  },
};

suite("pkg install of an image refuses", () => {
  for (const [what, { image: hostile, error, words = [] }] of Object.entries(CASES)) {
    test(`${what}, places nothing and leaves nothing`, async (t) => {
      const [home, layout] = [tempHome(t), join(tempDirectory(t), "tool")];
      writeImages(layout, { "1.0": hostile });
      const { code, stdout, stderr } = await runPkg(["install", `oci:${layout}:1.0`, ...words], { home });
      assert.match(stderr, error);
      assert.doesNotMatch(stderr, /bug in pkg/);
      assert.deepEqual([code, stdout], [1, ""]);
      for (const place of ["bin", "packages", "blobs/sha256", "blobs/partial"]) {
        const left = existsSync(join(home, place)) ? readdirSync(join(home, place)) : [];
        assert.deepEqual(left, [], place);
      }
    });
  }
});
