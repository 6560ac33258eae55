import { type WhyOutcome, whyOf } from "../../inspect/why.ts";
import { defineCommand, finishWith } from "../command.ts";
import { NAMED_PACKAGES } from "../installed-packages.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", NAMED_PACKAGES)
      .example("$0 why trurl", "Which package that you asked for needs it"),
  dryRun: true,
  run: async (context, args) => {
    const { outcome, errors } = await whyOf(context, args.packages, context.workingDirectory);
    context.report.result({ packages: outcome }, () => outcome.flatMap((item) => ("error" in item ? [] : lines(item))));
    return finishWith(context, errors);
  },
});

function lines({ name, version, isDependency, chains }: WhyOutcome): readonly string[] {
  const asked = isDependency ? [] : [`${name} ${version}: you asked for it`];
  const needed = chains.map((chain) => `${name} ${version}: you asked for ${chain.join(", which needs ")}`);
  const all = [...asked, ...needed];
  return all.length > 0 ? all : [`${name} ${version}: nothing needs it; \`pkg autoremove\` removes it`];
}
