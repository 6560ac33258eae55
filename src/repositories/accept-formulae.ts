import { hashHex } from "../base/hashes.ts";
import { bottleTagOf } from "../config/formula-settings.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import { streamFile } from "../fs/read-file.ts";
import { openContainer } from "../index/container.ts";
import { type FormulaIndex, readFormulaIndex } from "../index/homebrew/document.ts";
import { formulaEntry } from "../index/homebrew/entry.ts";
import { judgeFloor } from "../verify/formula-floor.ts";
import { refuseKeyless } from "../verify/index-keys.ts";
import { openSigned } from "../verify/jws.ts";
import { FORMULA_FORMAT, formulaAddress, MAX_FORMULA_BYTES } from "./formula-files.ts";
import { openIndexOrNull } from "./known-version.ts";
import { checkUsable, naming } from "./read-content.ts";
import type { AcceptedContent, Accepting, IndexTaker } from "./take-request.ts";

/**
 * Verifies formulae, judges them by those that were seen before, and reads them into a new index.
 *
 * @throws {PkgError} as openSigned, readFormulaIndex, judgeFloor; INDEX_TOO_LARGE; KEYS_CHANGED
 */
export async function acceptFormulae(taker: IndexTaker, request: Accepting): Promise<AcceptedContent> {
  const { trust, now } = taker;
  const { repository, fetched, task } = request;
  const { name, formulaKeys } = repository;
  const pinned = trust.get(name);
  if (pinned !== null) throw refuseKeyless(pinned, task);
  const document = await naming(name, () => readEnvelope(fetched.download.path));
  const { payload, keyId } = openSigned(document, { keys: formulaKeys, task });
  const index = await naming(name, () => readFormulaIndex(payload, bottleTagOf(taker.host) ?? taker.host));
  const accepted = {
    ...{
      address: formulaAddress(repository.url, fetched.file),
      mark: index.head ?? `sha256:${hashHex("sha256", Buffer.from(payload))}`,
    },
    ...{ formulae: index.formulae.length, now, task },
  };
  const floor = trust.floors.get(accepted.address);
  const { mark, formulae } = accepted;
  const [names, namesInPlace] = [everyName(index), namesIn(taker, name)];
  judgeFloor({ floor, mark, formulae, names, namesInPlace, acceptsLoss: request.acceptLoss, task });
  const read = { format: FORMULA_FORMAT, ...write(taker, request, index) };
  return {
    read,
    judged: { signers: [keyId], trusted: null, owner: ownerOf(repository) },
    remember: () => trust.floors.advance(accepted, floor),
    ...{ isFirst: floor === null, trust: null, sinceMs: floor?.mark === mark ? floor.sinceMs : now },
  };
}

/** The document as it was signed, whether or not it was served compressed. */
async function readEnvelope(path: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openContainer(streamFile(path, { pieceBytes: READ_BYTES }), {
    maxBytes: MAX_FORMULA_BYTES,
  })) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const READ_BYTES = 1024 * 1024;

/** The keys of the config decide who may sign, so whoever has them is the same repository. */
function ownerOf({ formulaKeys }: ConfiguredRepository): AcceptedContent["judged"]["owner"] {
  const keys = formulaKeys.map(({ id, spki }) => `${id}:${spki}`).toSorted();
  return { identity: null, keySet: { version: 0, threshold: 1, keys }, signedAtMs: null, keySets: [] };
}

/** Every name that a formula has or had, folded. */
function everyName({ formulae }: FormulaIndex): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name, aliases, oldNames } of formulae) {
    names.add(name.toLowerCase());
    for (const other of aliases) names.add(other.toLowerCase());
    for (const other of oldNames) names.add(other.toLowerCase());
  }
  return names;
}

/** The names in the index that is in place; null: there is none, it is damaged, or it was not one of formulae. */
function namesIn({ indexes }: IndexTaker, repository: string): ReadonlySet<string> | null {
  const index = openIndexOrNull(indexes, repository);
  try {
    return index?.meta.format === FORMULA_FORMAT ? index.names() : null;
  } finally {
    index?.close();
  }
}

function write(
  { host, emit, now }: IndexTaker,
  { repository: { name }, writer, task }: Accepting,
  { formulae, skipped: reasons }: FormulaIndex,
): { readonly entries: number; readonly skipped: number } {
  const context = { host, tag: bottleTagOf(host) ?? host, today: new Date(now).toISOString().slice(0, 10) };
  const skip = (reason: string) => emit({ kind: "detail", message: `${name}: skipped ${reason}` });
  reasons.forEach(skip);
  let skipped = reasons.length;
  for (const formula of formulae) {
    const entry = formulaEntry(formula, context);
    if (entry !== null) writer.add(entry);
    else {
      skipped += 1;
      skip(`"${formula.name}": it cannot be a package in a registry`);
    }
  }
  const counts = { entries: formulae.length + reasons.length - skipped, skipped };
  checkUsable({ name, emit, task }, counts);
  return counts;
}
