/**
 * Variables by which libraries in the bundle let their own tests, or whoever debugs them, change what they do; in the
 * built program they are never set.
 */
const REMOVED = ["JEST_WORKER_ID", "NODE_DEBUG", "UNDICI_NO_WASM_SIMD", "UNDICI_USE_MILO"] as const;

/** What the bundle may still read by name: how progress is drawn, where a terminal is, how many threads there are. Our own code is given `env`. */
const KNOWN: ReadonlySet<string> = new Set([
  "CI",
  "FORCE_COLOR",
  "LISTR_FORCE_TTY",
  "LISTR_FORCE_UNICODE",
  "NO_COLOR",
  "TERM",
  "TERM_PROGRAM",
  "TMUX",
  "UV_THREADPOOL_SIZE",
  "WT_SESSION",
]);

/** For esbuild's `define`: reading one of the removed variables gives `undefined`. */
export const ENVIRONMENT_DEFINES: Readonly<Record<string, string>> = Object.fromEntries(
  REMOVED.map((name) => [`process.env.${name}`, "undefined"]),
);

/**
 * Refuses a bundle that reads a variable which nobody has decided on: a library that was updated may have a new one.
 *
 * @param code the bundle's JavaScript
 * @throws {Error} with the names
 */
export function assertKnownEnvironment(code: string): void {
  const read = code.matchAll(/\bprocess\d*(?:\.default)?\.env(?:\.|\[["'])([A-Za-z_]\w*)/g);
  const unknown = new Set([...read].map(([, name = ""]) => name).filter((name) => !KNOWN.has(name)));
  if (unknown.size === 0) return;
  throw new Error(`Cannot build: the bundle reads ${[...unknown].join(", ")}; decide on it in bundle-environment.ts`);
}
