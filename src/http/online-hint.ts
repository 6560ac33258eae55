/** What to type so that requests are sent, by what keeps them from it: an option or a variable. */
export function onlineHint(by: string): string {
  return by.startsWith("--")
    ? `Run the command again without ${by}`
    : `Run the command again with --no-offline, or with ${by} not set`;
}
