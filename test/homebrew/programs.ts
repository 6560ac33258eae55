import type { Source } from "./compile.ts";
import { BUILD_PREFIX } from "./sample-formula.ts";

const PREFIX = "@@HOMEBREW_PREFIX@@";

/** Where Homebrew looks for libraries: the keg's own, those of what it needs, and all that is linked. */
function runPathOf(keg: string, ...needs: readonly string[]): readonly string[] {
  return [`@@HOMEBREW_CELLAR@@/${keg}/lib`, ...needs.map((name) => `${PREFIX}/opt/${name}/lib`), `${PREFIX}/lib`];
}

const SALUTE = `const char *salute(void) { return "salute"; }`;

/** It is pinned: the path of its text stands in its data, once as a C string and once with its length known when compiled. */
const HAIL = `#include <string>
#include <cstdio>
#include <stdexcept>
static std::string read_text(const std::string &path) {
  std::FILE *file = std::fopen(path.c_str(), "r");
  if (file == nullptr) throw std::runtime_error(path);
  char text[64] = "";
  if (std::fgets(text, sizeof text, file) == nullptr) text[0] = '\\0';
  std::fclose(file);
  return std::string(text).substr(0, std::string(text).find('\\n'));
}
static const char *const TEXT = "${BUILD_PREFIX}/share/libhail/hail.txt";
extern "C" const char *hail_home(void) {
  static const std::string home("${BUILD_PREFIX}/opt/libhail");
  return home.c_str();
}
extern "C" const char *hail(void) {
  static std::string text;
  try { text = read_text(TEXT); } catch (const std::exception &problem) { text = std::string("lost ") + problem.what(); }
  return text.c_str();
}
`;

const LIBSHADE = `const char *shade_name(void) { return "shade"; }`;

/** It is also an interpreter: of a file, it prints all lines but the first. */
const SHADE = `#include <stdio.h>
const char *shade_name(void);
int main(int count, char **words) {
  char line[512];
  if (count < 2) { puts(shade_name()); return 0; }
  FILE *file = fopen(words[1], "r");
  if (file == NULL || fgets(line, sizeof line, file) == NULL) return 1;
  while (fgets(line, sizeof line, file) != NULL) fputs(line, stdout);
  return 0;
}
`;

const GREET = `#include <stdio.h>
#include <string.h>
const char *salute(void); const char *hail(void); const char *shade_name(void);
int main(void) {
  printf("greet " VERSION ": %s, %s, %s\\n", salute(), hail(), shade_name());
  return strncmp(hail(), "lost", 4) == 0;
}
`;

const OLD_GREET = `#include <stdio.h>
int main(void) { puts("greet 1.0.9"); return 0; }
`;

function cycleLibrary(letter: string): string {
  return `const char *cyc_${letter}(void) { return "cyc-${letter}"; }`;
}

function cycleProgram(own: string, other: string): string {
  return `#include <stdio.h>
const char *cyc_${other}(void);
int main(void) { printf("cyc-${own} needs %s\\n", cyc_${other}()); return 0; }
`;
}

/** Those that others are linked with. */
export const LIBRARIES: readonly Source[] = [
  { file: "libsalute.so.1.0", code: SALUTE, soname: "libsalute.so.1", runPath: runPathOf("libsalute/1.0") },
  { file: "libhail.so.2", code: HAIL, soname: "libhail.so.2", runPath: runPathOf("libhail/2.1") },
  { file: "libshade.so.1", code: LIBSHADE, soname: "libshade.so.1" },
  { file: "libcyc-a.so", code: cycleLibrary("a"), soname: "libcyc-a.so" },
  { file: "libcyc-b.so", code: cycleLibrary("b"), soname: "libcyc-b.so" },
];

export const PROGRAMS: readonly Source[] = [
  greet("1.2.0", "1.2.0_1"),
  greet("1.3.0", "1.3.0"),
  { file: "greet-1", code: OLD_GREET, flags: ["-no-pie"] },
  { file: "shade", code: SHADE, needs: ["libshade.so.1"], runPath: ["$ORIGIN/../lib", `${PREFIX}/lib`] },
  { file: "cyc-a", code: cycleProgram("a", "b"), needs: ["libcyc-b.so"], runPath: runPathOf("cyc-a/1.0", "cyc-b") },
  { file: "cyc-b", code: cycleProgram("b", "a"), needs: ["libcyc-a.so"], runPath: runPathOf("cyc-b/1.0", "cyc-a") },
];

function greet(version: string, keg: string): Source {
  return {
    file: `greet-${version}`,
    code: GREET,
    flags: [`-DVERSION="${version}"`],
    needs: ["libsalute.so.1.0", "libhail.so.2", "libshade.so.1"],
    runPath: runPathOf(`greet/${keg}`, "libsalute", "libhail", "shade"),
  };
}
