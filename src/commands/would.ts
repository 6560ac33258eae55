/** What was done, or what would be: `would(dryRun, "Deleted", "delete")` is "Deleted" or "Would delete". */
export function would(dryRun: boolean, done: string, verb: string): string {
  return dryRun ? `Would ${verb}` : done;
}
