/** The signals that ask a process to stop. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Lets signals end the process while something may block it: no listener would be called, so only SIGKILL could. To be used
 * where nothing has to be cleaned up.
 *
 * @returns puts the listeners back
 */
export function withDefaultSignals(): () => void {
  const kept = SIGNALS.map((name) => [name, process.listeners(name)] as const);
  for (const name of SIGNALS) process.removeAllListeners(name);
  return () => {
    for (const [name, listeners] of kept) for (const listener of listeners) process.on(name, listener);
  };
}
