/**
 * Which test files share a process. Node starts a process for each file by itself, and for most of them half of the time goes
 * into that and into loading the same sources. Here a dozen files share one, each as a suite, so that its hooks stay its own.
 */
import { globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const FILES_PER_PROCESS = 12;

/**
 * Files that get a process of their own, and start first. Those of docs/ change its directory; the others are the longest, and none
 * of them should be what everybody waits for at the end.
 */
const ALONE: readonly RegExp[] = [
  /^test\/(?:docs|interop)\//,
  /^test\/profile\/(?:crash|random-life)\.test\.ts$/,
  /^test\/cli\/(?:executable|key|life|oci|oci-memory|resume|sigkill)\.test\.ts$/,
  /^test\/repository-index\/(?:rollback|signed-packages)\.test\.ts$/,
  /^test\/publish\/(?:publish|races)\.test\.ts$/,
];

/** All test files, by their path from `root`, in the groups that share a process. */
export function testProcesses(files: readonly string[]): readonly (readonly string[])[] {
  const [alone = [], together = []] = [true, false].map((wanted) =>
    files.filter((file) => ALONE.some((pattern) => pattern.test(file)) === wanted).toSorted(),
  );
  const groups = Array.from({ length: Math.ceil(together.length / FILES_PER_PROCESS) }, (_, group) =>
    together.slice(group * FILES_PER_PROCESS, (group + 1) * FILES_PER_PROCESS),
  );
  return [...alone.map((file) => [file]), ...groups];
}

/** Writes a file per process into `directory`, and gives their paths in the order to start them in. */
export function writeTestProcesses(root: string, directory: string): readonly string[] {
  const files = globSync("test/**/*.test.ts", { cwd: root });
  return testProcesses(files).map((group, index) => {
    // The runner sorts them by name.
    const path = join(directory, `${String(index).padStart(3, "0")}.test.mjs`);
    writeFileSync(path, `import { describe } from "node:test";\n${group.map((file) => suite(root, file)).join("")}`);
    return path;
  });
}

/** All suites are made at once and run one after the other. Awaiting each would end the process when a test waits for no handle. */
function suite(root: string, file: string): string {
  return `describe("${file}", () => import("${pathToFileURL(join(root, file)).href}"));\n`;
}
