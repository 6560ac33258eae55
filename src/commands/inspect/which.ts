import { type ProgramPlace, which } from "../../inspect/which.ts";
import { defineCommand, finishWith } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("programs", { type: "string", array: true, demandOption: true, description: "Names of programs" })
      .option("all", {
        alias: "a",
        type: "boolean",
        default: false,
        description: "Also those that the first one hides",
      })
      .example("$0 which trurl", "Which file it is, and which package placed it"),
  dryRun: true,
  run: async (context, args) => {
    const { outcome, errors } = await which(context, args.programs);
    context.report.result({ programs: outcome }, () =>
      outcome.flatMap((item) => {
        if ("error" in item) return [];
        const [first, ...others] = item.places;
        const own = others.find(({ name }) => name !== undefined);
        const hides = first?.name === undefined && own !== undefined && !args.all ? [`hides ${line(own)}`] : [];
        return [...(args.all ? item.places : item.places.slice(0, 1)).map(line), ...hides];
      }),
    );
    return finishWith(context, errors);
  },
});

function line({ path, isOnPath, name, version }: ProgramPlace): string {
  if (name === undefined) return `${path}: not placed by pkg`;
  return `${path}: ${name} ${version}${isOnPath ? "" : ", not on PATH: `pkg env` prints what puts it there"}`;
}
