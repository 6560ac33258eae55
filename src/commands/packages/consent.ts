import type { Consent, Question } from "../../install/name-concerns.ts";
import type { Context } from "../context.ts";

/** `--allow-name`, for the commands that place programs. */
export const ALLOW_NAME = {
  "allow-name": {
    type: "string",
    array: true,
    nargs: 1,
    default: [],
    description: "Let a package take a protected name, or hide a program on PATH; may be repeated",
  },
} as const;

/** The names that were typed with `--allow-name`, which may be separated by commas. */
export function allowedNames(args: { readonly "allow-name": readonly string[] }): readonly string[] {
  return args["allow-name"].flatMap((text) => text.split(",")).filter((name) => name !== "");
}

/** What a person agrees to: in advance in `given`, else on a terminal. `--yes` answers none of these questions. */
export async function consentTo(
  context: Pick<Context, "yes" | "dryRun"> & { readonly report: Pick<Context["report"], "confirm"> },
  questions: readonly Question[],
  given: Consent,
): Promise<Consent> {
  const replace: string[] = [];
  const names = [...given.names];
  for (const question of questions.filter((asked) => !isAnswered(asked, given))) {
    if (context.yes || context.dryRun || !(await context.report.confirm(textOf(question), false))) continue;
    if (question.kind === "replace") replace.push(question.name);
    else names.push(...question.concerns.map(({ link }) => link));
  }
  return { replace: given.replace === "all" ? "all" : [...given.replace, ...replace], names };
}

function isAnswered(question: Question, given: Consent): boolean {
  if (question.kind === "names") return question.concerns.every(({ link }) => given.names.includes(link));
  return given.replace === "all" || given.replace.includes(question.name);
}

function textOf(question: Question): string {
  if (question.kind === "replace") {
    return `${question.name} is installed from "${question.from}". Replace it with the one from "${question.to}"?`;
  }
  const concerns = question.concerns.map(({ link, reason }) => `"${link}" ${reason}`);
  return `Some programs of ${question.name} need your consent: ${concerns.join(", ")}. Place them?`;
}
