import { EXIT_CODES } from "../errors.ts";
import { serveRegistry } from "../operations/serve-registry.ts";
import { defineCommand } from "./command.ts";

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional("action", { choices: ["serve"] as const, demandOption: true })
      .option("root", { type: "string", demandOption: true, description: "The directory that holds what is pushed" })
      .option("port", { type: "number", default: 5000, description: "0: any that is free" })
      .option("host", { type: "string", default: "127.0.0.1", description: "The address to listen on" })
      .example("$0 registry serve --root ./registry", "An OCI registry at 127.0.0.1:5000"),
  run: async (context, args) => {
    const outcome = await serveRegistry(
      context,
      { root: args.root, port: args.port, host: args.host, directory: context.workingDirectory },
      (url) => context.report.print([`Serving ${args.root} at ${url}; stop with Ctrl-C`]),
    );
    context.report.result(outcome, () => [`Stopped ${outcome.url}`]);
    return EXIT_CODES.done;
  },
});
