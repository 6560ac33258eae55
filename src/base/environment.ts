/** The variables of an environment, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The value of an environment variable; null if it is unset or empty, which means the same for every variable: `NAME=`
 * in a shell or a CI file is the usual way to leave one out. The only place that reads a variable by its name.
 */
export function variable(env: Environment, name: string): string | null {
  return env[name] || null;
}

/** The variables that are set and not empty. */
export function variables(env: Environment): readonly (readonly [string, string])[] {
  return Object.entries(env).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
}
