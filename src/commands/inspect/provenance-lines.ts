import type { ProvenanceOutcome } from "../../inspect/provenance-info.ts";
import { columns } from "../../report/columns.ts";
import type { Style } from "../../report/style.ts";

/** Who built what, from which commit, and whether a policy says that they may. */
export function provenanceLines(outcome: ProvenanceOutcome, style: Style): readonly string[] {
  const { name, version, reference, provenance, from } = outcome;
  const verified = `${provenance.verifiedAt}${from === "installation" ? ", when it was installed" : ", just now"}`;
  const facts: readonly (readonly [string, string | null])[] = [
    ["from", reference],
    ["built by", provenance.identity],
    ["vouched for by", provenance.issuer],
    ["source", provenance.sourceRepository],
    ["commit", provenance.commit],
    ["ref", provenance.ref],
    ["workflow", provenance.workflow === provenance.identity ? null : provenance.workflow],
    ["run", provenance.runUrl],
    ["builder", provenance.builder],
    ["build type", provenance.buildType],
    ["statement", provenance.predicateType],
    ["subjects", provenance.subjects.join(", ")],
    ["signed", provenance.signedAt],
    ["verified", verified],
    ["allowed", allowed(outcome, style)],
  ];
  const rows = facts.flatMap(([label, value]) => (value === null ? [] : [[`  ${label}`, value] as const]));
  return [`${style.bold(name)} ${version}`, ...columns(rows)];
}

function allowed({ policy, repository }: ProvenanceOutcome, style: Style): string {
  if (policy !== null) return style.green(`${policy.identity} by ${policy.issuer}`);
  const where = repository === null ? "it was named by its reference" : `repository ${repository} names no builder`;
  return style.yellow(`anybody: ${where}`);
}
