import { join } from "node:path";
import type { Plugin } from "esbuild";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { ownOptions } from "../../src/cli/declared.ts";
import { commandsIn } from "../../src/cli/entries.ts";

const MODULE = join(import.meta.dirname, "..", "..", "src", "cli", "option-table.ts");

/** Puts the options of every command into the bundle, in the place of what would ask each command for them. */
export function fillOptionTable(): Plugin {
  return {
    name: "option-table",
    setup(build) {
      build.onLoad({ filter: /[\\/]option-table\.ts$/ }, async ({ path }) =>
        path === MODULE ? { loader: "js", contents: await optionTableSource() } : undefined,
      );
    },
  };
}

/** The module with its table. As text, because that is read quicker than code, and only when it is needed. */
export async function optionTableSource(): Promise<string> {
  const table = await Promise.all(commandsIn(COMMANDS).map(ownOptions));
  return `export const OPTION_TABLE = JSON.parse(${JSON.stringify(JSON.stringify(table))});\n`;
}
