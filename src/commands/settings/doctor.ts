import { type DoctorOutcome, doctor, type Finding } from "../../doctor/doctor.ts";
import { FINDING_GROUPS, type FindingGroup } from "../../doctor/finding.ts";
import { THIS_MACHINE } from "../../doctor/machine.ts";
import { EXIT_CODES } from "../../errors.ts";
import { paragraphs } from "../../report/columns.ts";
import type { Style } from "../../report/style.ts";
import { defineCommand } from "../command.ts";
import type { Context, Trouble } from "../context.ts";

const TITLES: Readonly<Record<FindingGroup, string>> = {
  configuration: "Configuration",
  access: "Permissions",
  machine: "This machine",
  path: "Where programs are looked for",
  records: "What is recorded",
  store: "The store",
  repositories: "Repositories",
  packages: "Packages",
  environments: "Environments of pkg run, exec and shell",
  examination: "Not looked at",
};

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .option("fix", {
        type: "boolean",
        default: false,
        description: "Mend what can be mended, from the store or the registry, then look again",
      })
      .example("$0 doctor", "What is wrong, each with its cure; nothing is changed")
      .example("$0 doctor --fix", "Mend what can be, and say what is left")
      .example("$0 doctor --fix --dry-run", "What that would mend"),
  dryRun: true,
  examines: true,
  run: async (context, args) => {
    const { env, troubles, style } = { ...context, style: context.report.style };
    const examined = { cap: context, env, machine: THIS_MACHINE, troubles: troubles.map(troubleOf) };
    const outcome = await doctor(examined, args.fix && !context.dryRun ? { open: () => context.at({}) } : null);
    context.report.result(outcome, () => lines(outcome, style));
    context.report.say(totals(outcome, context));
    return outcome.healthy ? EXIT_CODES.done : EXIT_CODES.failed;
  },
});

function troubleOf(trouble: Trouble) {
  if (trouble.kind === "variable") {
    const cure = "`pkg help environment` lists the variables that mean something";
    return { code: "variable-wrong", message: trouble.message, cure } as const;
  }
  const { message, hint = "Correct it; `pkg config --help` has every key" } = trouble.error;
  return {
    code: "config-invalid",
    message,
    cure: `${hint}. What depends on the config is looked at after that`,
  } as const;
}

function lines({ findings }: DoctorOutcome, style: Style): readonly string[] {
  if (findings.length === 0) return ["No problem was found"];
  return paragraphs(
    FINDING_GROUPS.map((group) => {
      const own = findings.filter((finding) => finding.group === group);
      return own.length === 0 ? [] : [style.bold(TITLES[group]), ...own.flatMap((item) => findingLines(item, style))];
    }),
  );
}

function findingLines({ state, subject, message, cure, fixable, error }: Finding, style: Style): readonly string[] {
  if (state === "fixed") return [`  ${style.green("mended")} ${subject}: ${message}`];
  const why = error === undefined ? [] : [`      not mended: ${error.message}`];
  const typed = error?.hint ?? cure;
  const isFixed = fixable && state === "found" ? `${style.cyan("--fix")} mends it. ` : "";
  return [`  ${style.red("!")} ${subject}: ${message}`, ...why, `      ${isFixed}${typed}`];
}

function totals({ findings }: DoctorOutcome, { dryRun }: Pick<Context, "dryRun">): readonly string[] {
  if (findings.length === 0) return [];
  const fixed = findings.filter(({ state }) => state === "fixed").length;
  const left = findings.length - fixed;
  if (findings.some(({ state }) => state !== "found")) {
    return [left === 0 ? `${count(fixed)} mended: nothing is left` : `${count(fixed)} mended, ${left} left`];
  }
  const fixable = findings.filter((finding) => finding.fixable).length;
  const cured = fixable === 0 ? "" : `; \`pkg doctor --fix\` ${dryRun ? "would mend" : "mends"} ${fixable}`;
  return [`${count(left)} found${cured}`];
}

function count(number: number): string {
  return number === 1 ? "1 problem" : `${number} problems`;
}
