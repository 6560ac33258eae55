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

type ReplaceQuestion = Question & { readonly kind: "replace" };
type NamesQuestion = Question & { readonly kind: "names" };

type Asker = Pick<Context, "yes" | "dryRun"> & { readonly report: Pick<Context["report"], "confirm"> };

/**
 * What a person agrees to: in advance in `given`, else on a terminal. `--yes` answers none of these questions. All names
 * of a plan are one question.
 */
export async function consentTo(context: Asker, questions: readonly Question[], given: Consent): Promise<Consent> {
  if (context.yes || context.dryRun) return given;
  const open = questions.filter((asked) => !isAnswered(asked, given));
  const replace: string[] = [];
  for (const question of open.filter((asked): asked is ReplaceQuestion => asked.kind === "replace")) {
    if (await context.report.confirm(replaceText(question), false)) replace.push(question.name);
  }
  const names = open.filter((asked): asked is NamesQuestion => asked.kind === "names");
  const isAllowed = names.length > 0 && (await context.report.confirm(namesText(names), false));
  const links = isAllowed ? names.flatMap(({ concerns }) => concerns.map(({ link }) => link)) : [];
  return {
    replace: given.replace === "all" ? "all" : [...given.replace, ...replace],
    names: [...given.names, ...links],
  };
}

function isAnswered(question: Question, given: Consent): boolean {
  if (question.kind === "names") return question.concerns.every(({ link }) => given.names.includes(link));
  return given.replace === "all" || given.replace.includes(question.name);
}

function replaceText({ name, from, to }: ReplaceQuestion): string {
  return `${name} is installed from "${from}". Replace it with the one from "${to}"?`;
}

function namesText(questions: readonly NamesQuestion[]): string {
  const packages = questions.map(({ name }) => name).join(", ");
  const concerns = questions.flatMap((question) => question.concerns.map(({ link, reason }) => `"${link}" ${reason}`));
  return `Some programs of ${packages} need your consent: ${concerns.join(", ")}. Place them?`;
}
