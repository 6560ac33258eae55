import type { DeclaredOption } from "../commands/declaration.ts";

/** The options of a command by their names, besides those that all commands take. */
export type OwnOptions = Readonly<Record<string, DeclaredOption>>;

/**
 * The options of every command, in the order of `commandsIn(COMMANDS)`, so that completing a line does not load the command with
 * all that it is made of. Only the built program has it: `scripts/program/option-table.ts` puts it here. Null: each command is asked.
 */
export const OPTION_TABLE: readonly OwnOptions[] | null = null;
