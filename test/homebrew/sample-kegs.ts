import type { Keg, KegEntry } from "./bottle.ts";
import { compile, compiled } from "./compile.ts";
import { LIBRARIES, PROGRAMS } from "./programs.ts";
import { BUILD_PREFIX } from "./sample-formula.ts";

/** Compiles the programs and libraries, and lays out the kegs that hold them. */
export async function buildKegs(directory: string): Promise<readonly Keg[]> {
  await Promise.all(LIBRARIES.map((source) => compile(directory, source)));
  await Promise.all(PROGRAMS.map((source) => compile(directory, source)));
  const file = (name: string) => compiled(directory, name);
  return [...KEGS(file), SCRIPTY, ...SMALL].map((keg) => ({ ...keg, files: { ...keg.files, ...recipe(keg) } }));
}

type Compiled = (name: string) => Buffer;

/** The formula itself, which Homebrew keeps in each keg. */
function recipe({ name }: Keg): Readonly<Record<string, KegEntry>> {
  return { [`.brew/${name}.rb`]: `class Sample < Formula\n  # of ${name}\nend\n` };
}

const KEGS = (file: Compiled): readonly Keg[] => [
  { name: "greet", version: "1.2.0_1", files: greetFiles(file("greet-1.2.0")) },
  { name: "greet", version: "1.3.0", files: greetFiles(file("greet-1.3.0")) },
  { name: "greet@1", version: "1.0.9", files: { "bin/greet": file("greet-1") } },
  {
    name: "libsalute",
    version: "1.0",
    files: {
      "include/salute.h": "const char *salute(void);\n",
      "lib/libsalute.so.1.0": file("libsalute.so.1.0"),
      "lib/libsalute.so.1": { link: "libsalute.so.1.0" },
      "lib/libsalute.so": { link: "libsalute.so.1" },
      "lib/pkgconfig/salute.pc": "prefix=@@HOMEBREW_CELLAR@@/libsalute/1.0\nLibs: -L@@HOMEBREW_PREFIX@@/lib -lsalute\n",
    },
  },
  {
    name: "libhail",
    version: "2.1",
    files: {
      "lib/libhail.so.2": file("libhail.so.2"),
      "lib/libhail.so": { link: "libhail.so.2" },
      "share/libhail/hail.txt": "hail\n",
      "bin/hail-config": `#!/bin/sh\necho ${BUILD_PREFIX}/opt/libhail\n`,
    },
  },
  {
    name: "shade",
    version: "3.0",
    files: {
      "bin/shade": file("shade"),
      "bin/umbra": { hardLink: "bin/shade" },
      "lib/libshade.so.1": file("libshade.so.1"),
      "lib/libshade.so": { link: "libshade.so.1" },
    },
  },
  { name: "cyc-a", version: "1.0", files: { "bin/cyc-a": file("cyc-a"), "lib/libcyc-a.so": file("libcyc-a.so") } },
  { name: "cyc-b", version: "1.0", files: { "bin/cyc-b": file("cyc-b"), "lib/libcyc-b.so": file("libcyc-b.so") } },
];

function greetFiles(program: Buffer): Keg["files"] {
  return {
    "bin/greet": program,
    "share/man/man1/greet.1": ".TH greet 1\n",
    "share/greet/words.txt": "hello\n",
    "share/greet/current": { link: "words.txt" },
  };
}

/** Everything but ELF files. */
const SCRIPTY: Keg = {
  name: "scripty",
  version: "0.3",
  files: {
    "bin/scripty": "#!@@HOMEBREW_PREFIX@@/opt/shade/bin/shade\nscripty at @@HOMEBREW_PREFIX@@\n",
    "bin/scripty-sh": '#!/bin/sh\nexec "@@HOMEBREW_CELLAR@@/scripty/0.3/libexec/tell"\n',
    "bin/scripty-twin": { hardLink: "bin/scripty-sh" },
    "bin/scripty-link": { link: "../libexec/tell" },
    "libexec/tell": { content: "#!/bin/sh\necho told\n", mode: 0o755 },
    "libexec/perl.pl": { content: "#!@@HOMEBREW_PERL@@ -w\nprint 1;\n", mode: 0o555 },
    "libexec/self": { link: "@@HOMEBREW_CELLAR@@/scripty/0.3/bin/scripty" },
    "lib/libscripty.la": "libdir='@@HOMEBREW_CELLAR@@/scripty/0.3/lib'\n",
    "lib/pkgconfig/scripty.pc": "prefix=@@HOMEBREW_CELLAR@@/scripty/0.3\n",
    "lib/cmake/scripty/scripty-config.cmake": 'set(SCRIPTY "@@HOMEBREW_PREFIX@@/opt/scripty")\n',
    "share/scripty/conf": { link: `${BUILD_PREFIX}/etc/scripty.conf` },
    "share/scripty/latin1.txt": Buffer.from("caf\xe9 @@HOMEBREW_PREFIX@@/share\n", "latin1"),
    "share/scripty/data.bin": Buffer.from("\0data\0"),
    ".bottle/etc/scripty.conf": "home = @@HOMEBREW_PREFIX@@\n",
    ".bottle/etc/scripty/more.conf": "more\n",
    ".bottle/var/scripty/seed": "seed\n",
  },
};

const SMALL: readonly Keg[] = [
  {
    name: "allpkg",
    version: "2024.1",
    files: {
      "bin/allpkg": '#!/bin/sh\ncat "@@HOMEBREW_PREFIX@@/share/allpkg/data.txt"\n',
      "share/allpkg/data.txt": "all\n",
    },
  },
  { name: "olddep", version: "0.9", files: { "bin/olddep": "#!/bin/sh\necho olddep\n" } },
  { name: "gone", version: "0.1", files: { "bin/gone": "#!/bin/sh\necho gone\n" } },
];
