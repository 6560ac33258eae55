import { grouped } from "../../base/age.ts";
import { cleanEnvironments } from "../../environments/clean-environments.ts";
import { type CleanedKind, type CleanOutcome, clean } from "../../install/clean.ts";
import { columns } from "../../report/columns.ts";
import { formatBytes } from "../../report/units.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .option("all", {
        type: "boolean",
        default: false,
        description: "Keep only what is installed now, or locked: nothing before it can be brought back",
      })
      .example("$0 clean", "What no kept generation needs, as `keep` in config.toml says")
      .example("$0 clean --all --dry-run", "What would be freed if only the present were kept"),
  dryRun: true,
  run: async (context, args) => {
    const { dryRun } = context;
    const { paths } = context.config;
    const outcome = await clean(context, { dryRun, all: args.all }, (how) => cleanEnvironments(paths, how));
    const nothing = outcome.cleaned.length === 0 ? "Nothing to clean" : undefined;
    context.report.result(outcome, () => lines(outcome), nothing);
    return 0;
  },
});

function lines({ dryRun, cleaned, freedBytes }: CleanOutcome): readonly string[] {
  if (cleaned.length === 0) return [];
  const verb = dryRun ? "would remove" : "removed";
  return [
    ...columns(
      // A generation takes no room of its own.
      cleaned.map(({ kind, count, freedBytes: bytes }) => [
        `${verb} ${countOf(kind, count)}`,
        bytes === 0 ? "" : formatBytes(bytes),
      ]),
    ),
    ...(freedBytes === 0 ? [] : [`${formatBytes(freedBytes)} ${dryRun ? "would be freed" : "freed"}`]),
  ];
}

const SINGULAR: Readonly<Record<CleanedKind["kind"], string>> = {
  generations: "generation",
  blobs: "blob",
  "partial files": "partial file",
  indexes: "index",
  environments: "environment",
  "old versions": "old version",
};

function countOf(kind: CleanedKind["kind"], count: number): string {
  return count === 1 ? `1 ${SINGULAR[kind]}` : `${grouped(count)} ${kind}`;
}
