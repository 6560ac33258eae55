import { join, resolve } from "node:path";
import type { WithErrors } from "../capabilities/outcome.ts";
import { signatureTitle } from "../package/file-names.ts";
import type { Signer } from "../sign/signer.ts";
import { type BuiltIndex, describeDraft, signDraft, signersOf } from "./built-index.ts";
import { keySetExchange, replaceFiles } from "./directory.ts";
import { type DraftCapabilities, type DraftOptions, draftPackageIndex, type IndexDraft } from "./draft.ts";
import { holdsIndex, readIndexFile } from "./index-file.ts";

export interface BuildIndexRequest extends DraftOptions {
  /** The index to build on, as it was typed; null: the one that the directory holds already, if it does. */
  readonly previous: string | null;
  /** The directory to write into. */
  readonly output: string;
  /** Where relative paths begin. */
  readonly directory: string;
  /** Writes an index without what does not fit. */
  readonly keepGoing: boolean;
  /** Writes nothing. */
  readonly dryRun: boolean;
}

export interface BuildIndexOutcome extends BuiltIndex {
  /** What was written; none where something did not fit. */
  readonly files: readonly string[];
}

/**
 * Builds an index, signs it and writes it into a directory that any static host can serve.
 *
 * @throws {PkgError} as draftPackageIndex and readIndexFile; DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export async function buildPackageIndex(
  cap: DraftCapabilities,
  request: BuildIndexRequest,
): Promise<WithErrors<BuildIndexOutcome>> {
  const { directory, previous, keepGoing, dryRun } = request;
  const output = resolve(directory, request.output);
  // A second index of the same serial would be taken by nobody who has seen the first.
  const before = previous ?? (holdsIndex(output) ? output : null);
  const { draft, signers, problems } = await draftPackageIndex(cap, {
    ...request,
    previous: before === null ? null : await readIndexFile(cap, before, directory),
    exchange: keySetExchange(output),
  });
  const isWritten = !dryRun && (problems.length === 0 || keepGoing);
  const files = isWritten ? writeIndex(output, draft, signers) : [];
  const signedBy = signersOf(draft, signers).map(({ keyId }) => keyId);
  return { outcome: { ...describeDraft(draft, { signedBy, problems }), files }, errors: problems };
}

/** Gives the paths that were written. */
export function writeIndex(directory: string, draft: IndexDraft, signers: readonly Signer[]): readonly string[] {
  const signatures = signDraft(draft, signers);
  const files = new Map<string, Buffer | null>([
    ["index.json", draft.document],
    ["index.json.zst", draft.packed],
  ]);
  for (const [name, bytes] of signatures) files.set(signatureTitle(name), bytes.length === 0 ? null : bytes);
  replaceFiles(directory, files);
  return [...files].filter(([, bytes]) => bytes !== null).map(([name]) => join(directory, name));
}
