import { join } from "node:path";
import Database from "better-sqlite3";
import { packText } from "../../src/archive/zstd-text.ts";
import { createBlocks, formatEntryLine, parseEntryLine } from "../../src/index-database/entry-blocks.ts";
import type { PackageEntry } from "../../src/package/metadata.ts";
import type { PackageOptions } from "./package-builder.ts";
import type { RunResult } from "./run-pkg.ts";
import { makeSampleHome, type SampleHome } from "./sample-home.ts";
import type { Cleanup } from "./temp-home.ts";

/** A package of the index, and what the index says about it that no form of it can say. */
export interface Needing extends PackageOptions {
  readonly needs?: readonly string[];
  /** Further fields of the decoded entry. */
  readonly facts?: Partial<PackageEntry>;
}

/** A sample home whose index knows dependencies, as those of bottles do. */
export interface DependencyHome extends SampleHome {
  /** Pushes packages and makes the index hold these alone. */
  serve(...packages: readonly Needing[]): Promise<void>;
  /** Runs a line, and fails unless it ends well. */
  ok(line: string): Promise<RunResult>;
  /** The installed packages: `*` before what was asked for. */
  installed(): Promise<readonly string[]>;
}

/** The registry and the index are real; dependencies are written into the index after it was synced. */
export async function makeDependencyHome(test: Cleanup): Promise<DependencyHome> {
  const home = await makeSampleHome(test);
  const ok = async (line: string) => {
    const result = await home.pkg(line.split(" "));
    if (result.code !== 0) throw new Error(`pkg ${line}: ${result.code}\n${result.stdout}${result.stderr}`);
    return result;
  };
  return {
    ...home,
    ok,
    serve: async (...packages) => {
      const built = packages.map((options) => home.build(options));
      await home.push(...built);
      home.publishIndex(...built);
      await ok("sync");
      for (const { name, version, needs = [], facts = {} } of packages)
        writeFacts(home.path, { name, version, ...facts, dependencies: needs });
      home.takeRequests();
    },
    installed: async () => {
      const { packages } = JSON.parse((await ok("list --all --json")).stdout);
      return packages.map(
        ({ name, version, isDependency }: PackageEntry & { readonly isDependency: boolean }) =>
          `${isDependency ? "" : "*"}${name} ${version}`,
      );
    },
  };
}

/** Sets fields of one entry in the stored index. */
function writeFacts(home: string, facts: Partial<PackageEntry>): void {
  const database = new Database(join(home, "index", "tools.db"));
  const blocks = createBlocks(database);
  const rows = database.prepare<[], { id: number; entries: number }>("SELECT id, entries FROM blocks").all();
  for (const { id, entries } of rows) {
    const lines = Array.from({ length: entries }, (_, line) => {
      const json = blocks.line({ block: id, line });
      const entry = parseEntryLine(json);
      const isMeant = entry.name === facts.name && entry.version === facts.version;
      return isMeant ? formatEntryLine({ ...entry, ...facts }) : json;
    });
    database.prepare("UPDATE blocks SET data = ? WHERE id = ?").run(packText(lines.join("\n")), id);
  }
  database.close();
}
