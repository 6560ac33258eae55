import { foundBefore } from "../../environments/lookup.ts";
import { defineCommand } from "../command.ts";
import { program } from "../program.ts";
import { ENVIRONMENT_OPTIONS, mayBeFoundBefore, typedFor } from "./environment-options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("package", {
        type: "string",
        demandOption: true,
        description: "A name as [family/]name[#id][@version][:repository], a reference, or a place such as ./tools.tar",
      })
      .positional("args", {
        type: "string",
        array: true,
        default: [],
        description: "What the program is given; options of pkg stand before the package",
      })
      .option("program", {
        type: "string",
        requiresArg: true,
        description: "A program of the package, where it has several; of a container image, by its name or path",
      })
      .options(ENVIRONMENT_OPTIONS)
      .example(
        "$0 run trurl --version",
        "The newest version, or the one that is installed; nothing is recorded as installed",
      )
      .example("$0 run trurl@8.13 -- --url https://example.com", "A version; what follows belongs to the program")
      .example("$0 run --program uvx ghcr.io/astral-sh/uv --help", "One of several programs, straight from a registry"),
  dryRun: true,
  run: async (context, args) => {
    const specs = [args.package];
    const typed = typedFor(specs, args, args.program === undefined ? [] : [args.program]);
    const lookup = { config: context.config, version: context.version, typed };
    const found = !context.dryRun && mayBeFoundBefore(specs, args) ? foundBefore(lookup, context.now()) : null;
    if (found !== null && found.program !== null) return program(found.program, args.args);
    const { runPackage } = await import("./run-package.ts");
    return await runPackage(context, { ...args, spec: args.package, lookup });
  },
});
