import { type FactsQuestion, isFactsAnswered } from "../install/facts-concerns.ts";
import { type Consent, isAgreed, type Question } from "../install/name-concerns.ts";
import type { Context } from "./context.ts";

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

/** `--replace`, for the commands that take packages from any repository. */
export const REPLACE = {
  replace: {
    type: "boolean",
    default: false,
    description: "Let another repository's package take the place of what is installed",
  },
} as const;

/** `--signed-as`, for the commands that take packages from where they were not published. */
export const SIGNED_AS = {
  "signed-as": {
    type: "string",
    array: true,
    nargs: 1,
    default: [],
    description: "The repository that a copied package was signed for; may be repeated",
  },
} as const;

/** `--allow-downgrade`, for the commands that change versions. */
export const ALLOW_DOWNGRADE = {
  "allow-downgrade": {
    type: "boolean",
    default: false,
    description: "Let a lower version take the place of a higher one that is installed",
  },
} as const;

/** What the options of this file consent to beforehand. */
export function givenBy(args: {
  readonly replace: boolean;
  readonly "allow-name": readonly string[];
  readonly "allow-downgrade": boolean;
  readonly "signed-as": readonly string[];
}): Consent {
  return {
    replace: args.replace ? "all" : [],
    names: allowedNames(args),
    downgrade: args["allow-downgrade"],
    signedAs: args["signed-as"],
  };
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
  const facts = await consentToFacts(context, open.filter(isAboutFacts), given);
  const names = open.filter((asked): asked is NamesQuestion => asked.kind === "names");
  const isAllowed = names.length > 0 && (await context.report.confirm(namesText(names), false));
  const links = isAllowed ? names.flatMap(({ concerns }) => concerns.map(({ link }) => link)) : [];
  return {
    replace: given.replace === "all" ? "all" : [...given.replace, ...replace],
    names: given.names === "all" ? "all" : [...given.names, ...links],
    ...facts,
  };
}

/** A lower version is agreed to for all packages or for none, as with `--allow-downgrade`. */
async function consentToFacts(
  { report }: Asker,
  questions: readonly FactsQuestion[],
  given: Consent,
): Promise<Pick<Consent, "downgrade" | "signedAs">> {
  const signedAs = [...given.signedAs];
  let refused = 0;
  for (const question of questions) {
    const isAgreed = await report.confirm(factsText(question), false);
    if (question.kind === "downgrade") refused += Number(!isAgreed);
    else if (isAgreed) signedAs.push(question.signedAs);
  }
  const downgrades = questions.filter(({ kind }) => kind === "downgrade");
  return { downgrade: given.downgrade || (downgrades.length > 0 && refused === 0), signedAs };
}

function isAboutFacts(question: Question): question is FactsQuestion {
  return question.kind === "downgrade" || question.kind === "copy";
}

function factsText(question: FactsQuestion): string {
  if (question.kind === "downgrade") {
    return `${question.name} ${question.from} is installed, and ${question.to} is a lower version. Change it?`;
  }
  return `${question.name} lies in "${question.place}", and is signed as "${question.signedAs}". Is it a copy that you want?`;
}

function isAnswered(question: Question, given: Consent): boolean {
  if (isAboutFacts(question)) return isFactsAnswered(question, given);
  if (question.kind === "names") return question.concerns.every(({ link }) => isAgreed(given, link));
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
