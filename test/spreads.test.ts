import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { callSpreads } from "./support/call-spreads.ts";

const ROOT = dirname(import.meta.dirname);

/** Calls with few arguments: written down in the program, or from text whose length is bounded (a name, 64 KiB of scopes). */
const FEW: readonly string[] = [
  "src/archive/bunzip2-block.ts: front.unshift(...front.splice",
  "src/base/file-format.ts: Math.max(...MAGIC.map",
  "src/cli/standard-output.ts: this.emit(...values",
  "src/http/connections.ts: done(...result",
  "src/resolve/looking.ts: hasCode(...DOUBTFUL",
  "src/resolve/looking.ts: throwhasCode(...DOUBTFUL",
  "src/oci/blob-senders.ts: hasCode(...WRONG_CONTENT",
  "src/registry-client/failover.ts: hasCode(...PASSED_OVER",
  "src/registry-client/request-sender.ts: hasCode(...UNREADABLE",
  "src/registry-client/request-sender.ts: hasCode(...UNREADABLE",
  "src/registry-client/token-scopes.ts: mergeScopes(...text.slice",
  "src/registry/page-html.ts: String.raw(...contents.map",
  "src/registry/storage-paths.ts: rootPath(...name.split",
  "src/relocate/prefix.ts: Math.max(...PLACEHOLDERS.map",
  "src/relocate/scan.ts: Math.max(...WORDS.map",
  "src/repositories/refresh.ts: those(...UNUSABLE",
  "src/repositories/sync-unasked.ts: .sync(...given",
  "src/repositories/sync-unasked.ts: hasCode(...REFUSALS",
  "src/repositories/take-index.ts: hasCode(...TORN",
  "src/repository-index/problems.ts: hasCode(...MISFIT_CODES",
  "src/state/database.ts: .all(...values",
  "src/state/database.ts: .get(...values",
  "src/state/database.ts: .run(...values",
  "src/state/database.ts: run(...Object.values",
  "src/state/edition-document.ts: (...",
  "src/state/edition-document.ts: database.run(...",
  "src/state/generation-writer.ts: (...",
  "src/state/generation-writer.ts: database.run(...",
  "src/state/installation-rows.ts: database.run(...",
  "src/state/installed-names.ts: (...",
  "src/state/settle-owners.ts: database.run(...",
  "src/state/settle-owners.ts: database.run(...",
];

/** Each element becomes an argument on the stack, and some 100,000 of them are more than it holds. */
test("no call in src/ spreads a list of unbounded length into its arguments", () => {
  const paths = globSync("src/**/*.ts", { cwd: ROOT }).map((path) => path.replaceAll("\\", "/"));
  assert.ok(paths.length > 300, "the sources were not found");
  const found = paths.flatMap((path) =>
    callSpreads(readFileSync(join(ROOT, path), "utf8")).map((call) => `${path}: ${call}`),
  );
  assert.deepEqual(found.toSorted(), FEW.toSorted(), "use addAll() or maxOf() of base/many.ts instead");
});
