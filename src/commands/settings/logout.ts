import { EXIT_CODES } from "../../errors.ts";
import { logout } from "../../login/logout.ts";
import { defineCommand } from "../command.ts";
import { would } from "../would.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("registry", { type: "string", demandOption: true, description: "As in `pkg login`" })
      .example("$0 logout ghcr.io", "Forget the credentials for it, wherever they are kept"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await logout(context, args.registry, context);
    const places = outcome.places.map((place) =>
      place.kind === "file" ? place.file : `docker-credential-${place.helper}, as set in ${place.file}`,
    );
    const { dryRun } = context;
    const done = would(dryRun, "Removed", "remove");
    context.report.result({ ...outcome, dryRun }, () =>
      places.length === 0
        ? [`Nothing is kept for ${outcome.registry}`]
        : places.map((place) => `${done} the credentials for ${outcome.registry} from ${place}`),
    );
    return EXIT_CODES.done;
  },
});
