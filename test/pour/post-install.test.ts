import assert from "node:assert/strict";
import { test } from "node:test";
import type { PostInstall } from "../../src/package/keg.ts";
import type { MadeFile } from "../../src/pour/keg-edits.ts";
import { type PostInstallRequest, postInstall } from "../../src/pour/post-install.ts";
import { changedMode } from "../../src/pour/step-modes.ts";

const PATHS = [
  "bin/tell",
  "etc/own.conf",
  "share/sample/a.txt",
  "share/sample/deep/b.txt",
  "libexec/old",
  "lib/x.so",
  ".bottle/etc/kept.conf",
];

function run(steps: readonly unknown[] | PostInstall, options: Partial<PostInstallRequest> = {}) {
  const done = postInstall({
    keg: { name: "sample", version: "1.2.3_1" },
    prefix: "/p",
    paths: PATHS,
    postInstall: Array.isArray(steps) ? { kind: "steps", steps } : (steps as PostInstall),
    exists: () => false,
    certificates: "/etc/ssl/certs/ca-certificates.crt",
    interpreter: null,
    ...options,
  });
  return {
    made: done.made.map((file) => `${file.path} ${madeOf(file)}`),
    removed: done.removed,
    links: done.links.map(({ path, target, kind }) => `${path} ${kind} ${target}`),
    told: [...done.commands, ...done.undone, ...done.warnings],
  };
}

function madeOf(file: MadeFile): string {
  switch (file.kind) {
    case "text":
      return file.text;
    case "same":
      return `= ${file.as}`;
    case "symlink":
      return `-> ${file.target}`;
    case "unpacked":
      return `gunzip ${file.as}`;
    case "changed":
      return `${file.as} ${file.replacements.map(({ before, after }) => `s/${before}/${after}/`).join(" ")}`;
  }
}

const NOTHING = { made: [], removed: [], links: [], told: [] };
const at = (base: string, path: string) => ({ base, path });

const DONE: readonly (readonly [what: string, step: object, expected: Partial<ReturnType<typeof run>>])[] = [
  [
    "a directory in the prefix",
    { type: "mkdir_p", path: at("var", "sample/cache") },
    {
      made: [".bottle/pkg/var/sample/cache/.keepme "],
      links: ["@prefix/var/sample/cache/.keepme copy .bottle/pkg/var/sample/cache/.keepme"],
    },
  ],
  ["a directory in the keg", { type: "mkdir_p", path: at("libexec", "new") }, {}],
  [
    "a text in the prefix",
    { type: "write", path: at("pkgetc", "a.conf"), content: "at {{opt_prefix}} {{version.major_minor}} {{odd}}\n" },
    {
      made: [".bottle/pkg/etc/sample/a.conf at /p/Cellar/sample/1.2.3_1 1.2 {{odd}}\n"],
      links: ["@prefix/etc/sample/a.conf copy .bottle/pkg/etc/sample/a.conf"],
    },
  ],
  ["a text in the keg", { type: "write", path: at("bin", "new"), content: "x" }, { made: ["bin/new x"] }],
  ["a text that is there", { type: "write", path: at("bin", "tell"), content: "x" }, {}],
  [
    "a text in its place",
    { type: "write", path: at("bin", "tell"), content: "x", overwrite: true },
    { made: ["bin/tell x"] },
  ],
  [
    "a link to the keg",
    { type: "symlink", source: at("share", "sample/a.txt"), target: { path: "{{etc}}/a.txt" } },
    { links: ["@prefix/etc/a.txt link share/sample/a.txt"] },
  ],
  [
    "a link to a place in the prefix",
    { type: "symlink", source: { path: "{{etc}}/other/c" }, target: { path: "{{var}}/c" }, force: true },
    {
      made: [".bottle/pkg/var/c -> ../../../../../../etc/other/c"],
      links: ["@prefix/var/c link .bottle/pkg/var/c"],
    },
  ],
  [
    "a link in the keg",
    {
      type: "symlink",
      source: { base: "formula_opt_prefix", formula: "other", path: "bin/x" },
      target: at("bin", "x"),
    },
    {},
  ],
  [
    "a link in the keg to the prefix",
    { type: "symlink", source: at("homebrew_prefix", "lib/y"), target: at("libexec", "y") },
    { made: ["libexec/y -> ../../../../lib/y"] },
  ],
  ["a link where something is", { type: "symlink", source: at("lib", "x.so"), target: at("bin", "tell") }, {}],
  [
    "a copy in the prefix",
    { type: "copy", source: at("pkgshare", "a.txt"), target: at("etc", "a.txt") },
    { links: ["@prefix/etc/a.txt copy share/sample/a.txt"] },
  ],
  [
    "a copy in the keg, into a directory",
    { type: "copy", source: at("pkgshare", "a.txt"), target: at("prefix", "lib") },
    { made: ["lib/a.txt = share/sample/a.txt"] },
  ],
  [
    "copies of a directory",
    { type: "copy", source: at("share", "sample"), target: at("var", "s"), recursive: true },
    {
      links: ["@prefix/var/s/a.txt copy share/sample/a.txt", "@prefix/var/s/deep/b.txt copy share/sample/deep/b.txt"],
    },
  ],
  [
    "links to all below a directory",
    { type: "link_dir", source: at("share", "sample"), target: at("homebrew_prefix", "share/s") },
    {
      links: [
        "@prefix/share/s/a.txt link share/sample/a.txt",
        "@prefix/share/s/deep/b.txt link share/sample/deep/b.txt",
      ],
    },
  ],
  [
    "links by other names",
    {
      type: "link_children",
      source: at("prefix", "bin"),
      target: at("homebrew_prefix", "bin"),
      prefix: "g",
      suffix: "-1",
    },
    { links: ["@prefix/bin/gtell-1 link bin/tell"] },
  ],
  [
    "what is removed",
    { type: "remove", paths: [at("libexec", "o*"), at("etc", "gone")] },
    { removed: ["libexec/old"] },
  ],
  [
    "a text in a file of the keg",
    { type: "inreplace", path: at("pkgshare", "a.txt"), before: "@P@", after: "{{opt_prefix}}" },
    { made: ["share/sample/a.txt share/sample/a.txt s/@P@//p/Cellar/sample/1.2.3_1/"] },
  ],
  [
    "a text in what is copied into the prefix",
    { type: "inreplace", path: at("etc", "kept.conf"), before: "x", after: "y" },
    { made: [".bottle/etc/kept.conf .bottle/etc/kept.conf s/x/y/"] },
  ],
  [
    "a program that was packed",
    { type: "install_gzipped_executable", source: at("libexec", "old"), target: at("bin", "tell") },
    { made: ["bin/tell gunzip libexec/old"], removed: ["libexec/old"] },
  ],
  [
    "a program that was packed, and is not any more",
    { type: "install_gzipped_executable", source: at("libexec", "gone.gz"), target: at("bin", "tell") },
    {},
  ],
  ["a warning", { type: "warn", message: "mind {{prefix}}" }, { told: ["mind /p/Cellar/sample/1.2.3_1"] }],
];

test("postInstall() makes files of the keg and links of what only touches the prefix", () => {
  for (const [what, step, expected] of DONE) {
    const found = run([step]);
    if (what === "a link in the keg") assert.deepEqual(found.told, ["symlink"], what);
    else assert.deepEqual(found, { ...NOTHING, ...expected }, what);
  }
});

const NAMED: readonly (readonly [step: unknown, told: string])[] = [
  [
    { type: "run", command: at("bin", "tell"), args: ["--at", "{{etc}}/a b"] },
    "/p/Cellar/sample/1.2.3_1/bin/tell --at '/p/etc/a b'",
  ],
  [{ type: "run", command: at("bin", "tell"), sudo: true }, "run"],
  [{ type: "compile_gsettings_schemas" }, "/p/opt/glib/bin/glib-compile-schemas /p/share/glib-2.0/schemas"],
  [{ type: "configure_php" }, "configure_php"],
  [{ type: "write", path: { path: "/etc/passwd" }, content: "x" }, "write"],
  [{ type: "write", path: at("etc", "../../passwd"), content: "x" }, "write"],
  [{ type: "write", path: at("homebrew_prefix", "Cellar/other/1.0/bin/x"), content: "x" }, "write"],
  [{ type: "symlink", source: { path: "/etc/shadow" }, target: at("etc", "x") }, "symlink"],
  [{ type: "symlink", source: at("bin", "tell"), target: { path: "/usr/bin/x" } }, "symlink"],
  [{ type: "copy", source: { path: "/etc/shadow" }, target: at("etc", "x") }, "copy"],
  [{ type: "mkdir_p", path: at("home", ".ssh") }, "mkdir_p"],
  [{ type: "inreplace", path: { path: "/etc/passwd" }, before: "a", after: "b" }, "inreplace of /etc/passwd"],
  [
    { type: "inreplace", path: at("bin", "tell"), before: "(a+)+", after: "b", regexp: true },
    'inreplace (by hand: in /p/Cellar/sample/1.2.3_1/bin/tell, put "b" in place of "(a+)+")',
  ],
  [
    { type: "inreplace", path: at("etc", "not-ours"), before: "a", after: "b" },
    'inreplace (by hand: in /p/etc/not-ours, put "b" in place of "a")',
  ],
  [
    { type: "set_permissions", paths: [at("bin", "tell")], permissions: "4755" },
    "set_permissions 4755 of /p/Cellar/sample/1.2.3_1/bin/tell",
  ],
  [
    { type: "set_permissions", paths: [{ path: "/etc/shadow" }], permissions: "644" },
    "set_permissions 644 of /etc/shadow",
  ],
  [
    { type: "set_permissions", paths: [at("bin", "tell")], permissions: "g+w" },
    "set_permissions (by hand: chmod g+w /p/Cellar/sample/1.2.3_1/bin/tell)",
  ],
  [
    { type: "install_gzipped_executable", source: { path: "/etc/x.gz" }, target: at("bin", "tell") },
    "install_gzipped_executable",
  ],
  [
    { type: "install_gzipped_executable", source: at("libexec", "old"), target: { path: "/usr/bin/x" } },
    "install_gzipped_executable",
  ],
  [{ type: "link_children", source: at("prefix", "bin"), target: at("etc", "x"), prefix: "../" }, "link_children"],
  [{ type: "__proto__" }, "__proto__"],
  [{ type: 5 }, "a step of an unknown form"],
  ["mkdir", "a step of an unknown form"],
];

test("postInstall() names what it does not do, and touches nothing beside the prefix", () => {
  for (const [step, told] of NAMED) assert.deepEqual(run([step]), { ...NOTHING, told: [told] }, JSON.stringify(step));
  assert.deepEqual(run({ kind: "code" }), { ...NOTHING, told: ["what its formula does in Ruby"] });
  const known = (name: string) => run({ kind: "code" }, { keg: { name, version: "1" } }).told;
  assert.deepEqual(known("openssl@3"), []);
  assert.deepEqual(known("fontconfig"), ["/p/opt/fontconfig/bin/fc-cache -frv"]);
  assert.equal(known("glib").length, 2);
});

test("postInstall() goes by what has to be there first", () => {
  const step = (guard: object) => [{ type: "warn", message: "here", guards: [guard] }];
  const exists = (path: string) => path === "/p/etc/there";
  const told = (guard: object) => run(step(guard), { exists }).told.length === 1;
  assert.ok(told({ condition: "on", value: "linux" }));
  assert.ok(!told({ condition: "on", value: "macos" }));
  assert.ok(!told({ condition: "sometimes" }));
  assert.ok(told({ condition: "if_exists", ...at("etc", "there") }));
  assert.ok(told({ condition: "if_exists", ...at("bin", "tell") }));
  assert.ok(told({ condition: "unless_exists", ...at("etc", "gone") }));
  assert.ok(!told({ condition: "unless_exists", ...at("pkgshare", "deep") }));
});

test("postInstall() leads programs to this machine's certificates", () => {
  const none: PostInstall = { kind: "code" };
  const bundle = run(none, { keg: { name: "ca-certificates", version: "1" } });
  assert.deepEqual(bundle, {
    made: [".bottle/pkg/etc/ca-certificates/cert.pem -> /etc/ssl/certs/ca-certificates.crt"],
    removed: [],
    links: ["@prefix/etc/ca-certificates/cert.pem link .bottle/pkg/etc/ca-certificates/cert.pem"],
    told: [],
  });
  const paths = ["share/ca-certificates/cacert.pem"];
  const own = run(none, { keg: { name: "ca-certificates", version: "1" }, certificates: null, paths });
  assert.deepEqual(own.links, ["@prefix/etc/ca-certificates/cert.pem link share/ca-certificates/cacert.pem"]);
  const openssl = run({ kind: "none" }, { keg: { name: "openssl@3", version: "3.5" } });
  assert.deepEqual(openssl.made, [
    ".bottle/pkg/etc/openssl@3/cert.pem -> ../../../../../../../etc/ca-certificates/cert.pem",
  ]);
});

test("postInstall() leads programs to the dynamic linker of this machine, where any of them needs it", () => {
  const { made, links } = run({ kind: "none" }, { interpreter: "/lib64/ld-linux-x86-64.so.2" });
  assert.deepEqual(made, [".bottle/pkg/lib/ld.so -> /lib64/ld-linux-x86-64.so.2"]);
  assert.deepEqual(links, ["@prefix/lib/ld.so link .bottle/pkg/lib/ld.so"]);
  assert.deepEqual(run({ kind: "none" }), NOTHING);
});

test("postInstall() leads to the libraries of a newer compiler", () => {
  const paths = ["lib/gcc/current/libstdc++.so.6", "lib/gcc/current/libasan.so.8"];
  const gcc = run({ kind: "none" }, { keg: { name: "gcc", version: "15.2.0" }, paths });
  assert.deepEqual(gcc.links, ["@prefix/lib/libstdc++.so.6 link lib/gcc/current/libstdc++.so.6"]);
});

test("changedMode() does what chmod does, but for what runs as another user and what others could write", () => {
  const cases: readonly (readonly [mode: number, permissions: string, changed: number | null])[] = [
    ...([
      [0o644, "755", 0o755],
      [0o644, "0600", 0o600],
      [0o755, "000", 0o400],
      [0o644, "u+x", 0o744],
    ] as const),
    ...([
      [0o644, "+x", 0o755],
      [0o755, "a-x,u+w", 0o644],
      [0o644, "go=", 0o600],
      [0o744, "a+X", 0o755],
    ] as const),
    ...([
      [0o664, "u=rwx,g=u", null],
      [0o644, "u+s", null],
      [0o644, "4755", null],
      [0o644, "1755", null],
    ] as const),
    ...([
      [0o644, "777", null],
      [0o644, "g+w", null],
      [0o664, "g+w", 0o664],
      [0o644, "a+X", 0o644],
    ] as const),
    ...([
      [0o644, "", null],
      [0o644, "-R", null],
      [0o644, "99", null],
      [0o644, "u+t", null],
    ] as const),
  ];
  for (const [mode, permissions, changed] of cases) assert.equal(changedMode(mode, permissions), changed, permissions);
});

test("postInstall() leaves out what cannot be there: below a file, in place of a directory, or of a name that no file has", () => {
  const write = (base: string, path: string, more: object = {}) => ({
    type: "write",
    path: at(base, path),
    content: "x",
    ...more,
  });
  const cases: readonly (readonly [steps: readonly object[], made: readonly string[], told: readonly string[]])[] = [
    [[write("prefix", "lib/x.so/below")], [], ["write"]],
    [[write("prefix", "share/sample", { overwrite: true })], [], ["write"]],
    [
      [{ type: "mkdir_p", path: at("var", "q") }, write("var", "q"), write("var", "q/.keepme/r")],
      [".bottle/pkg/var/q/.keepme "],
      ["write", "write"],
    ],
    [[write("var", "q"), { type: "mkdir_p", path: at("var", "q") }], [".bottle/pkg/var/q x"], ["mkdir_p"]],
    [[{ type: "symlink", source: at("prefix", "bin/tell"), target: at("prefix", "bin/tell/x") }], [], ["symlink"]],
    [[{ type: "copy", source: at("prefix", "bin/tell"), target: at("prefix", "lib/x.so/y") }], [], ["copy"]],
    [
      ["a\0b", "a\nb", "n".repeat(256), "d/".repeat(60), "a\\b"].map((path) => write("var", path)),
      [],
      Array(5).fill("write"),
    ],
  ];
  for (const [steps, made, told] of cases) {
    const done = run(steps);
    assert.deepEqual([done.made, done.told], [made, told], JSON.stringify(steps));
  }
});
