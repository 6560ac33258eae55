/** Milliseconds since some point in time, which never go back. What `performance` has for this loads a good part of Node. */
export function steadyClock(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}
