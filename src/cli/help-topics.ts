import { ENVIRONMENT } from "./environment.ts";
import { rowLines, wrapped } from "./help-layout.ts";

/** Help on something else than a command; null if there is no such topic. */
export function helpTopic(topic: string, columns: number): string | null {
  if (!["environment", "env", "variables", "proxy", "proxies"].includes(topic)) return null;
  const sections = ENVIRONMENT.flatMap(({ title, variables }) => [
    "",
    `${title}:`,
    ...rowLines(
      variables.map(({ name, meaning }) => [`  ${name}`, meaning]),
      columns,
    ),
  ]);
  const head = wrapped(
    "Environment variables that pkg reads. One that is set to nothing counts as not set. An option goes before a variable, and a variable before config.toml; `pkg config` shows what is in force, and why.",
    columns,
  );
  return [...head, ...sections].join("\n");
}
