import { EXIT_CODES } from "../../errors.ts";
import { showConfig } from "../../inspect/show-config.ts";
import { columns } from "../../report/columns.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .example("$0 config", "Where things live and what is set")
      .epilogue(
        'Keys of config.toml: concurrency, sync_interval, bin_dir; [repositories.NAME] url, keys, threshold, require, provenance, enabled, allow_legacy_signatures, signed_index; [registries."HOST"] mirrors, mirror_only, plain_http',
      ),
  dryRun: true,
  run: async (context) => {
    const outcome = showConfig(context);
    context.report.result(outcome, () => columns(Object.entries(outcome).flatMap(([key, value]) => rows(key, value))));
    return EXIT_CODES.done;
  },
});

/** Nested objects as dotted keys. */
function rows(key: string, value: unknown): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [[key, String(value ?? "")]];
  if (Array.isArray(value)) return [[key, value.join(", ")]];
  return Object.entries(value).flatMap(([inner, nested]) => rows(`${key}.${inner}`, nested));
}
