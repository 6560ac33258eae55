/** What runs a script, as its first line says. */
export interface ScriptInterpreter {
  /** As the kernel takes it: everything up to a space or the line's end, a carriage return too. */
  readonly path: string;
  /** The program that `env` is asked to look up in PATH; null if it is not `env` that runs the script. */
  readonly looksUp: string | null;
}

/** The kernel looks at no more of the file (BINPRM_BUF_SIZE). */
const FIRST_LINE_BYTES = 256;

/**
 * Reads a script's first line; null when it names no interpreter.
 *
 * @see Linux, execve(2), "Interpreter scripts"
 */
export function scriptInterpreter(start: Uint8Array): ScriptInterpreter | null {
  const line =
    Buffer.from(start.subarray(0, FIRST_LINE_BYTES))
      .toString("utf8")
      .split(/[\n\0]/)[0] ?? "";
  const [path = "", ...words] = line.replace(/^#![ \t]*/, "").split(/[ \t]+/);
  // A path that ends in a slash can only be a directory.
  if (path === "" || path === "\r" || path.endsWith("/")) return null;
  const isEnv = path.slice(path.lastIndexOf("/") + 1) === "env";
  // Options, such as -S, and variables come before the program.
  const program = words.find((word) => word !== "" && !word.startsWith("-") && !word.includes("="));
  return { path, looksUp: isEnv ? (program ?? null) : null };
}
