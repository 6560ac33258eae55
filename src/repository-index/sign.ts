import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { hashHex } from "../base/hashes.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { writeFileAtomic } from "../fs/atomic.ts";
import { refuseSpecialOutput } from "../fs/output-file.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { openContainer } from "../index/container.ts";
import { INDEX_FILE_NAMES } from "../index/index-artifact.ts";
import { readDocument } from "../index/read-document.ts";
import { INDEX_LIMITS } from "../index/read-index.ts";
import { type RememberedSerial, recallSerial } from "../keys/serial-memory.ts";
import { openSigners, type SignersRequest } from "../keys/signers.ts";
import { signatureTitle } from "../package/file-names.ts";
import type { IndexHeader } from "../package/index-header.ts";
import { parseKeySetText } from "../package/key-set.ts";
import type { ContentToSign, Signer } from "../sign/signer.ts";
import type { CheckedKeySet } from "../verify/key-sets.ts";
import { parseSignature } from "../verify/minisign.ts";
import { MAX_SIGNATURE_LIST_BYTES } from "../verify/signature-list.ts";
import { checkKeySetChain, indexSigners } from "./check-signers.ts";
import { checkNotOlder, documentHash } from "./choose-base.ts";
import { checkSigners, keySetFileName } from "./decide-key-sets.ts";
import { replaceFiles, splitSignatures } from "./directory.ts";
import { type IndexFile, type IndexFileCapabilities, readIndexFile } from "./index-file.ts";
import { rememberIndex } from "./remember-serial.ts";

/** What to sign, and by which keys. */
export interface SignIndexRequest {
  /** A directory that `pkg index build` wrote, or the file `key-set-N.txt` in it. */
  readonly path: string;
  /** Where relative paths begin. */
  readonly directory: string;
  readonly signing: SignersRequest;
  /** Writes nothing. */
  readonly dryRun: boolean;
}

/** What was signed. */
export interface SignIndexOutcome {
  /** The name and serial of the index, or the version and repository of the key set. */
  readonly document: string;
  /** Ids of all keys that have signed, also those that had signed before. */
  readonly signerIds: readonly string[];
  /** How many have to sign; null for a key set: the next index says so. */
  readonly threshold: number | null;
  /** Paths of the signature files. */
  readonly files: readonly string[];
}

const TASK = "sign the index";

/**
 * Adds signatures to those of an index, or to those of a key set's text.
 *
 * @throws {PkgError} KEY_MISSING; SIGNATURE_UNTRUSTED for a key that may not sign; INDEX_MISSING, INDEX_INVALID; INDEX_ROLLED_BACK,
 * INDEX_MISMATCH for one that is older than what was published from here, or another one of the same serial
 */
export async function signPackageIndex(
  cap: IndexFileCapabilities & Pick<Capabilities, "config">,
  request: SignIndexRequest,
): Promise<SignIndexOutcome> {
  const path = resolve(request.directory, request.path);
  const isKeySet = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  // Before a passphrase is asked for, and a key derived from it for seconds.
  const files = isKeySet ? [] : await readIndexFiles(cap, path);
  const memories = await checkSerial(files, cap);
  const signers = await openSigners(cap.config, request.signing);
  if (signers.length === 0) {
    throw new PkgError("KEY_MISSING", `Cannot ${TASK}: there is no key`, { hint: "Name one with --key" });
  }
  if (isKeySet) return signKeySet(path, signers, request);
  const outcome = await signFiles(files, path, { signers, dryRun: request.dryRun });
  for (const memory of request.dryRun ? [] : memories) {
    rememberIndex(cap, [`signed ${memory.repository}`], memory);
  }
  return outcome;
}

function readIndexFiles(cap: IndexFileCapabilities, path: string): Promise<readonly IndexFile[]> {
  const names = INDEX_FILE_NAMES.filter((name) => existsSync(join(path, name)));
  // If there is no index, reading the directory itself fails with the right error.
  const sources = names.length === 0 ? [path] : names.map((name) => join(path, name));
  return Promise.all(sources.map((source) => readIndexFile(cap, source, "/")));
}

/**
 * Whoever asks for a signature may not pass off an older index as the next one. What was only signed here need not have been
 * published, so an older index than that, or another one of its serial, is warned of. Gives what is to be remembered.
 */
async function checkSerial(
  files: readonly IndexFile[],
  { config, emit }: Pick<Capabilities, "config" | "emit">,
): Promise<readonly SignedIndex[]> {
  const memories: SignedIndex[] = [];
  for (const { bytes } of files) {
    const document = await readDocument(bytes);
    const { repository, serial } = document.header;
    const memory = { repository, serial, document: documentHash(document) };
    const remembered = recallSerial(config.paths, [`published ${repository}`]);
    checkNotOlder(memory, { remembered, task: "sign" });
    memories.push(memory);
  }
  const [first] = memories;
  const signed = first === undefined ? null : recallSerial(config.paths, [`signed ${first.repository}`]);
  if (first !== undefined && signed !== null && isOther(first, signed)) {
    const message = `Serial ${signed.serial} of "${first.repository}" was signed here before, and this is ${first.serial === signed.serial ? "another index with that serial" : `serial ${first.serial}`}: look at \`pkg index diff\` before you publish it`;
    emit({ kind: "warning", message });
  }
  return memories;
}

interface SignedIndex extends RememberedSerial {
  readonly repository: string;
}

function isOther(index: RememberedSerial, signed: RememberedSerial): boolean {
  return index.serial < signed.serial || (index.serial === signed.serial && index.document !== signed.document);
}

interface Signing {
  readonly signers: readonly Signer[];
  readonly dryRun: boolean;
}

/** Signs the files of one index, packed and not. */
async function signFiles(
  files: readonly IndexFile[],
  directory: string,
  { signers, dryRun }: Signing,
): Promise<SignIndexOutcome> {
  await checkSameDocument(files);
  const signed = await Promise.all(files.map((file) => addSignatures(file, signers)));
  const [first] = signed;
  if (first === undefined) throw new Error("an index that was read is gone");
  const written = signed.map(({ file, signatures }) => [signatureTitle(basename(file.source)), signatures] as const);
  if (!dryRun) replaceFiles(directory, new Map(written));
  return {
    document: `${first.header.repository}, serial ${first.header.serial}`,
    signerIds: indexSigners({ ...first.file, signatures: first.signatures }, first.inForce.publicKeys, TASK),
    threshold: first.inForce.threshold,
    files: written.map(([name]) => join(directory, name)),
  };
}

/** The person who signs may have looked at only one of the files. */
async function checkSameDocument(files: readonly IndexFile[]): Promise<void> {
  const documents = await Promise.all(files.map(({ bytes }) => unpack(bytes)));
  if (documents.every((document) => document.equals(documents[0] ?? document))) return;
  throw new PkgError("INDEX_INVALID", `Cannot ${TASK}: ${INDEX_FILE_NAMES.join(" and ")} are not the same index`, {
    hint: "Build it again",
  });
}

async function unpack(bytes: Buffer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openContainer(inOnePiece(bytes), INDEX_LIMITS)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* inOnePiece(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

interface SignatureUpdate {
  readonly file: IndexFile;
  readonly header: IndexHeader;
  readonly inForce: CheckedKeySet;
  /** The signatures from before, and those added now. */
  readonly signatures: Buffer;
}

async function addSignatures(file: IndexFile, signers: readonly Signer[]): Promise<SignatureUpdate> {
  const { header } = await readDocument(file.bytes);
  const inForce = checkKeySetChain(header, TASK);
  checkSigners(signers, [inForce]);
  // A signature by one of these keys that does not verify belongs to another index, and must not be passed on.
  indexSigners(file, inForce.publicKeys, TASK);
  const content = {
    blake2b512: hashHex("blake2b512", file.bytes),
    fileName: basename(file.source),
    timestamp: header.issuedMs / 1000,
  };
  return { file, header, inForce, signatures: mergeSignatures(file.signatures, signers, content) };
}

/** The signatures that others made, then the new ones; one of each key. */
function mergeSignatures(existing: Buffer | null, signers: readonly Signer[], content: ContentToSign): Buffer {
  const own = signers.map(({ keyId }) => keyId);
  const others = splitSignatures(existing?.toString("utf8") ?? "").filter(
    (text) => !own.includes(parseSignature(Buffer.from(text), TASK).keyId),
  );
  return Buffer.concat([...others.map((text) => Buffer.from(text)), ...signers.map(({ sign }) => sign(content))]);
}

function signKeySet(path: string, signers: readonly Signer[], { dryRun }: SignIndexRequest): SignIndexOutcome {
  const bytes = readLocalFileSync(path, { maxBytes: MAX_SIGNATURE_LIST_BYTES });
  const parsed = parseKeySetText(bytes.toString("utf8"));
  if (parsed === null || keySetFileName(parsed.set) !== basename(path)) {
    throw new PkgError("INDEX_INVALID", `Cannot sign "${path}": it is not a key set`, {
      hint: "Name the directory of an index, or the key-set-N.txt in it; for other files use `minisign -S`",
    });
  }
  const content = { blake2b512: hashHex("blake2b512", bytes), fileName: basename(path), timestamp: null };
  const signature = signatureTitle(path);
  refuseSpecialOutput(signature);
  const merged = mergeSignatures(
    existsSync(signature) ? readLocalFileSync(signature, { maxBytes: MAX_SIGNATURE_LIST_BYTES }) : null,
    signers,
    content,
  );
  if (!dryRun) writeFileAtomic(signature, merged);
  const signerIds = splitSignatures(merged.toString("utf8")).map(
    (text) => parseSignature(Buffer.from(text), TASK).keyId,
  );
  return {
    document: `key set ${parsed.set.version} of ${parsed.repository}`,
    signerIds,
    threshold: null,
    files: [signature],
  };
}
