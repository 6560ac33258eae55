import { EXIT_CODES } from "../../errors.ts";
import { type DiffOutcome, diffReferences } from "../../oci-tools/diff.ts";
import { formatBytes } from "../../report/units.ts";
import { defineCommand } from "../command.ts";
import { REFERENCE, SHORT_DIGEST_CHARACTERS } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("left", REFERENCE)
      .positional("right", REFERENCE)
      .option("exit-code", { type: "boolean", default: false, description: "Exit with 1 when they differ" })
      .example("$0 oci diff ghcr.io/owner/name:1.0 ghcr.io/owner/name:1.1", "Files, sizes, platforms, annotations"),
  dryRun: true,
  run: async (context, args) => {
    const outcome = await diffReferences(context, { left: args.left, right: args.right });
    context.report.result(outcome, () => lines(outcome));
    return args["exit-code"] && !outcome.identical ? EXIT_CODES.failed : EXIT_CODES.done;
  },
});

type Difference = DiffOutcome["differences"][number];

function lines({ left, right, identical, differences }: DiffOutcome): readonly string[] {
  if (identical) return [`Identical: ${left.digest}`];
  const head = [`- ${left.digest}`, `+ ${right.digest}`];
  if (differences.length === 0) return [...head, "The same content, in other bytes"];
  return [...head, ...differences.flatMap((difference) => differenceLines(difference, ""))];
}

function differenceLines(difference: Difference, indent: string): readonly string[] {
  if (difference.kind === "order") return [`${indent}layers: the same in another order`];
  const { kind, left, right } = difference;
  const name = "name" in difference ? ` ${difference.name}` : "key" in difference ? ` ${difference.key}` : "";
  const inner = "differences" in difference ? (difference.differences ?? []) : [];
  return [
    `${indent}${kind}${name}: ${shown(left)} → ${shown(right)}`,
    ...inner.flatMap((deeper) => differenceLines(deeper, `${indent}  `)),
  ];
}

function shown(value: Exclude<Difference, { kind: "order" }>["left"]): string {
  if (value === null) return "none";
  if (typeof value === "string") return value;
  return `${value.digest.slice(0, SHORT_DIGEST_CHARACTERS)} (${value.mediaType}, ${formatBytes(value.sizeBytes)})`;
}
