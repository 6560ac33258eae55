import { EXIT_CODES, PkgError } from "../../errors.ts";
import { formatBytes, formatCount } from "../../report/units.ts";
import { collectRegistryGarbage } from "../../serve/collect-registry-garbage.ts";
import { serveRegistry } from "../../serve/serve-registry.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { accessLogOf, accessOf, type ServeArguments, servingLines, tlsOf, upstreamOf } from "./registry-arguments.ts";
import { GC_OPTIONS, ROOT, SERVE_OPTIONS } from "./registry-options.ts";

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional("action", { choices: ["serve", "gc"] as const, demandOption: true })
      .option("root", ROOT)
      .options(SERVE_OPTIONS)
      .options(GC_OPTIONS)
      .example("$0 registry serve --root ./registry", "An OCI registry at 127.0.0.1:5000")
      .example("$0 registry serve --root ./cache --upstream ghcr.io", "A mirror of ghcr.io")
      .example("$0 registry gc --root ./registry --dry-run", "What could be removed"),
  dryRun: true,
  run: async (context, args) => {
    await (args.action === "serve" ? serve(context, args) : collect(context, args));
    return EXIT_CODES.done;
  },
});

async function serve(context: Context, args: ServeArguments): Promise<void> {
  if (context.dryRun) throw new PkgError("USAGE", "Cannot use --dry-run: serving cannot be told beforehand");
  const { root, port, host } = args;
  const request = {
    ...{ root, port, host, directory: context.workingDirectory, tls: tlsOf(args) },
    access: accessOf(args),
    readOnly: args["read-only"],
    sparse: args.sparse,
    maxBody: args["max-body"] ?? null,
    maxRequests: args["max-requests"],
    upstream: upstreamOf(args),
    accessLog: accessLogOf(context, args["access-log"]),
  };
  const outcome = await serveRegistry(context, request, (url) => context.report.print(servingLines(args, url)));
  context.report.result(outcome, () => [`Stopped ${outcome.url}`]);
}

interface GcArguments {
  readonly root: string;
  readonly untagged: boolean;
  readonly grace: string;
}

async function collect(context: Context, { root, untagged, grace }: GcArguments): Promise<void> {
  const { dryRun, workingDirectory: directory } = context;
  const outcome = await collectRegistryGarbage(context, { root, directory, dryRun, untagged, grace });
  const { manifests, files, bytes } = outcome;
  const verb = dryRun ? "Would remove" : "Removed";
  context.report.result(outcome, () => [
    `${verb} ${formatCount(manifests, "manifest")}, ${formatCount(files, "file")}, ${formatBytes(bytes)}`,
  ]);
}
