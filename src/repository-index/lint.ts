import { formatCount } from "../base/age.ts";
import { givenWith } from "../base/given-with.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { hasCode, PkgError } from "../errors.ts";
import { countPackages } from "../index/diff.ts";
import { error, type Finding, lintDocument } from "../index/lint.ts";
import { type IndexDocument, readDocument } from "../index/read-document.ts";
import { readPublicKey } from "../keys/read-public-key.ts";
import { checkLifetime } from "../verify/index-freshness.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import type { AcceptedSigners, AcceptRequest } from "./check-signed.ts";
import { checkKeySetChain, requireThreshold } from "./check-signers.ts";
import { type IndexFile, type IndexFileCapabilities, readIndexFile } from "./index-file.ts";
import { lintReferences } from "./lint-references.ts";
import { packageReader } from "./package-reader.ts";

/** An index to check. */
export interface LintIndexRequest extends AcceptRequest {
  /** A directory, a file, an address or a reference. */
  readonly source: string;
  /** Where relative paths begin. */
  readonly directory: string;
  /** Whether to look in the registries for what entries name. */
  readonly references: boolean;
}

/** What was found. */
export interface LintOutcome {
  readonly source: string;
  readonly repository: string;
  readonly serial: number;
  readonly packageCount: number;
  /** One for each version of a package, and each platform of it. */
  readonly entryCount: number;
  /** How many of the findings are errors. */
  readonly errorCount: number;
  /** How many are warnings. */
  readonly warningCount: number;
  readonly findings: readonly Finding[];
}

type LintCapabilities = IndexFileCapabilities & Pick<Capabilities, "now">;

/**
 * Looks for everything that is wrong with a package index.
 *
 * @throws {PkgError} INDEX_MISSING; INDEX_INVALID for what is not an index at all; those of the network
 */
export async function lintPackageIndex(cap: LintCapabilities, request: LintIndexRequest): Promise<LintOutcome> {
  const file = await readIndexFile(cap, request.source, request.directory);
  const document = await readDocument(file.bytes);
  const findings = [
    ...lintTrust(file, document),
    ...lintDocument(document, cap.now()),
    ...(request.references
      ? await lintReferences(document.entries, acceptedBy(cap, request, document), packageReader(cap))
      : []),
  ];
  const count = (level: Finding["level"]) => findings.filter((finding) => finding.level === level).length;
  const { repository, serial } = document.header;
  return {
    ...{ source: request.source, repository, serial },
    ...{ packageCount: countPackages(document.entries), entryCount: document.entries.length },
    ...{ errorCount: count("error"), warningCount: count("warning"), findings },
  };
}

function acceptedBy(
  { config }: LintCapabilities,
  { acceptKeys = [], acceptUnsigned = false, readPrograms = true, directory }: LintIndexRequest,
  { header }: IndexDocument,
): AcceptedSigners {
  const from = { paths: config.paths, directory };
  return {
    trusted: (header.keySets.at(-1)?.keys ?? []).map((text) => parsePublicKey(text)),
    others: acceptKeys.map((text) => givenWith("--accept-keys", () => readPublicKey(text, from))),
    unsigned: acceptUnsigned,
    readPrograms,
  };
}

/** The error that linting an index with errors ends in; null for an index without. */
export function lintError({ source, errorCount: errors }: LintOutcome): PkgError | null {
  if (errors === 0) return null;
  const found = formatCount(errors, "error");
  return new PkgError("LINT_FAILED", `Cannot pass the index "${source}": it has ${found}`);
}

/** The problems for which its users would refuse it, whatever packages it has. */
function lintTrust(file: IndexFile, { header }: IndexDocument): readonly Finding[] {
  return [
    ...refusals("trust", () => {
      requireThreshold(file, checkKeySetChain(header, TASK), { task: TASK, hint: "" });
    }),
    ...refusals("expiry", () => checkLifetime(header, TASK)),
  ];
}

const TASK = "use it";

function refusals(rule: string, check: () => void): readonly Finding[] {
  try {
    check();
    return [];
  } catch (problem) {
    if (!hasCode(problem, "INDEX_INVALID", "SIGNATURE_MISSING", "SIGNATURE_INVALID")) throw problem;
    return [error(rule, null, problem.message.replace(`Cannot ${TASK}: `, ""))];
  }
}
