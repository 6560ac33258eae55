import type { OptionRule, WholeNumberRule } from "../commands/option-rules.ts";
import type { UsageProblem } from "./usage.ts";
import type { Line } from "./values.ts";

/** The first rule that a command line breaks; null if it breaks none. */
export function ruleProblem(line: Line, rules: readonly OptionRule[]): UsageProblem | null {
  for (const rule of rules) {
    const problem = problemWith(rule, line);
    if (problem !== null) return problem;
  }
  return null;
}

function problemWith(rule: OptionRule, line: Line): UsageProblem | null {
  const { typed } = line;
  if (!typed.has(rule.option)) return null;
  switch (rule.kind) {
    case "whole-number":
      return numberProblem(rule, line);
    case "needs":
      if (typed.has(rule.other)) return null;
      return {
        text: `Cannot use --${rule.option}: ${rule.because ?? `--${rule.other} is missing`}`,
        advice: `Add --${rule.other}, or leave --${rule.option} out.`,
      };
    case "excludes": {
      const other = rule.others.find((name) => typed.has(name));
      if (other === undefined) return null;
      return { text: `Cannot use --${other}: ${rule.because}`, advice: `Leave --${other} out.` };
    }
  }
}

function numberProblem({ option, from, to, what }: WholeNumberRule, { values, typed }: Line): UsageProblem | null {
  const value = values[option];
  const highest = to ?? Number.MAX_SAFE_INTEGER;
  if (typeof value === "number" && Number.isInteger(value) && value >= from && value <= highest) return null;
  const expected = what ?? `a whole number from ${from}${to === null ? "" : ` to ${to}`}`;
  return { text: `Cannot use --${option}: expected ${expected}, found "${typed.get(option)}"`, advice: null };
}
