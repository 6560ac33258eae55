import { basename } from "node:path";
import type { Origin } from "../../config/origins.ts";
import { EXIT_CODES } from "../../errors.ts";
import { showConfig } from "../../inspect/show-config.ts";
import { tellOffPath } from "../../install/tell-search-path.ts";
import { columns } from "../../report/columns.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .example("$0 config", "Where things live, what is set, and where each value comes from")
      .epilogue(
        'Keys of config.toml: concurrency, sync_interval, keep, keep_versions, bin_dir; [share] man, completions, desktop; [self] from, key; [packages.NAME] portable, keep_versions; [repositories.NAME] kind, url, keys, prefix, threshold, require, provenance, enabled, allow_legacy_signatures, signed_index; [registries."HOST"] mirrors, mirror_only, plain_http',
      ),
  dryRun: true,
  run: async (context) => {
    const outcome = showConfig(context);
    const { origins, ...settings } = outcome;
    context.report.result(outcome, () =>
      columns(
        rows("", settings).map(([key, value]) => [key, value, context.report.style.dim(originText(origins[key]))]),
      ),
    );
    tellOffPath(context.config, context.report.emit);
    return EXIT_CODES.done;
  },
});

/** Nested objects as dotted keys. */
function rows(key: string, value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== "object" || value === null) return [[key, String(value ?? "")]];
  if (Array.isArray(value)) return [[key, value.map((item) => shortened(String(item))).join(", ")]];
  return Object.entries(value).flatMap(([inner, nested]) => rows(key === "" ? inner : `${key}.${inner}`, nested));
}

/** A long key, whose beginning is the same in all of its kind, makes the table no wider. */
function shortened(text: string): string {
  return text.length <= MAX_ITEM ? text : `${text.slice(0, MAX_ITEM / 2)}…${text.slice(-MAX_ITEM / 4)}`;
}

const MAX_ITEM = 80;

function originText(origin: Origin = { kind: "default" }): string {
  switch (origin.kind) {
    case "file":
      return `${basename(origin.path)}:${origin.line}`;
    case "environment":
    case "option":
      return origin.name;
    case "built in":
    case "default":
      return origin.kind;
  }
}
