/** The variables of an environment, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The value of an environment variable; null if it is unset, empty or blank, which means the same for every variable: `NAME=`
 * in a shell or a CI file is the usual way to leave one out. The only place that reads a variable by its name.
 */
export function variable(env: Environment, name: string): string | null {
  const value = env[name];
  return value === undefined || value.trim() === "" ? null : value;
}

/** The value of a variable that is a secret, which blanks are a part of; null if it is unset or empty. */
export function secretVariable(env: Environment, name: string): string | null {
  return env[name] || null;
}

const NO: readonly string[] = ["0", "false", "no", "off", "n"];

/** Whether a variable says yes: any value but `0`, `false`, `no` and `off`, in any case. */
export function isOn(env: Environment, name: string): boolean {
  const value = variable(env, name);
  return value !== null && !NO.includes(value.trim().toLowerCase());
}

/** The variables that are set and not blank. */
export function variables(env: Environment): readonly (readonly [string, string])[] {
  return Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value] as const] : []));
}

const POOL_THREADS = "16";

/**
 * Has Node give work to 16 threads, unless a person says how many: most of it waits for the disk, and four, as it has by
 * default, would wait with what they could unpack. Must be called before the first such work.
 *
 * @see docs.libuv.org, "Thread pool work scheduling"
 */
export function widenThreadPool(env: Record<string, string | undefined>): void {
  if (variable(env, "UV_THREADPOOL_SIZE") === null) env["UV_THREADPOOL_SIZE"] = POOL_THREADS;
}
