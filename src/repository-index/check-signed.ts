import { createMultiHash, hashHex } from "../base/hashes.ts";
import { MAX_CHECKSUM_BYTES } from "../base/limits.ts";
import { MAX_MINISIGN_FILE_BYTES } from "../base/minisign-format.ts";
import { PkgError } from "../errors.ts";
import { fetchBytes } from "../oci/blob-bytes.ts";
import type { Source } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { digestHex } from "../oci/digest.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { verifiedBlob } from "../oci/verified-blob.ts";
import { parseChecksum } from "../package/checksum-file.ts";
import { CHECKSUM_TITLE, SIGNATURE_SUFFIX, signatureTitle, signatureTitleFor } from "../package/file-names.ts";
import type { PublicKey } from "../package/public-key.ts";
import { verifyFile } from "../verify/signed-file.ts";
import type { PackageReader } from "./package-reader.ts";

/** Whose packages may be in an index. */
export interface AcceptedSigners {
  /** The keys of its set in force: those who install from the index accept no others. */
  readonly trusted: readonly PublicKey[];
  /** Further keys that the index's maker accepts. */
  readonly others: readonly PublicKey[];
  /** Accepts packages that nobody has signed. */
  readonly unsigned: boolean;
  /** Reads each program for its signature; otherwise its hash in the signed CHECKSUM vouches for it. */
  readonly readPrograms: boolean;
}

/** Whose packages may be in an index, as a person says it. */
export interface AcceptRequest {
  /** Public keys besides those of the key set, each as text, as a file, or as the name of a kept key. Default: none. */
  readonly acceptKeys?: readonly string[];
  /** Accepts packages that nobody has signed. Default: false. */
  readonly acceptUnsigned?: boolean;
  /** False relies on the hash of each program in the signed CHECKSUM, and does not read it. Default: true. */
  readonly readPrograms?: boolean;
}

/** A package whose signatures are to be checked. */
export interface SignedPackage {
  /** As messages name it. */
  readonly name: string;
  readonly place: Source;
  readonly manifest: Manifest;
  /** `PROGRAM.json`, as it was read. */
  readonly entry: { readonly title: string; readonly bytes: Buffer };
  /** `PROGRAM`, or `PROGRAM.tar.zst` */
  readonly programTitle: string;
}

type Reading = Pick<PackageReader, "retry" | "signal" | "emit">;

interface Check extends SignedPackage, Reading {
  readonly accepted: AcceptedSigners;
  readonly keys: readonly PublicKey[];
  readonly layers: ReadonlyMap<string, Descriptor>;
}

/**
 * Checks that a package is signed by one of the accepted keys, as those who install it do: CHECKSUM, `PROGRAM.json` and the
 * program by signatures of their own, everything else by its hash in CHECKSUM. A package that they would refuse, although it is
 * accepted here, is warned of.
 *
 * @throws {PkgError} SIGNATURE_MISSING, SIGNATURE_INVALID, SIGNATURE_UNTRUSTED; CHECKSUM_MISSING, CHECKSUM_INVALID,
 * CHECKSUM_MISMATCH; MANIFEST_INVALID for a layer without a name; those of the place
 */
export async function checkSigned(item: SignedPackage, accepted: AcceptedSigners, reading: Reading): Promise<void> {
  const keys = [...accepted.trusted, ...accepted.others];
  const check: Check = { ...item, ...reading, accepted, keys, layers: layersByTitle(item.manifest) };
  const signed = [CHECKSUM_TITLE, item.entry.title, item.programTitle];
  const isUnsigned = signed.every((title) => !check.layers.has(signatureTitle(title)));
  if (isUnsigned && accepted.unsigned) {
    if (check.layers.has(CHECKSUM_TITLE)) checkListed(check, await readChecksum(check));
    return tellRefused(check, "is not signed");
  }
  await checkSmall(check, item.entry);
  const checksum = await readChecksum(check);
  await checkSmall(check, { title: CHECKSUM_TITLE, bytes: checksum });
  checkListed(check, checksum);
  const keyId = await checkProgram(check);
  if (accepted.trusted.some((key) => key.keyId === keyId)) return;
  tellRefused(check, `is signed by key "${keyId}", which is not in the index's key set`);
}

function tellRefused({ name, emit }: Check, problem: string): void {
  const message = `"${name}" ${problem}: those who install from the index refuse it, unless their config says otherwise`;
  emit({ kind: "warning", message });
}

/** A small file: its signature is verified over its bytes. */
async function checkSmall(
  check: Check,
  { title, bytes }: { readonly title: string; readonly bytes: Buffer },
): Promise<void> {
  const signature = await readSignature(check, title);
  verify(check, { title, signature, content: { blake2b512: hashHex("blake2b512", bytes) } });
}

function readChecksum(check: Check): Promise<Buffer> {
  const { place, retry, signal } = check;
  return fetchBytes(place, layerOf(check, CHECKSUM_TITLE), { maxBytes: MAX_CHECKSUM_BYTES, retry, signal });
}

async function checkProgram(check: Check): Promise<string> {
  const { accepted, programTitle: title } = check;
  const signature = await readSignature(check, title);
  // Refuses a stranger's signature before the program is read for it.
  const keyId = verify(check, { title, signature, content: null });
  if (!accepted.readPrograms) return keyId;
  return verify(check, { title, signature, content: { blake2b512: await hashProgram(check) } });
}

async function hashProgram(check: Check): Promise<string> {
  const { place, retry, signal, programTitle } = check;
  const hash = createMultiHash(["blake2b512"]);
  for await (const chunk of verifiedBlob(place, layerOf(check, programTitle), { retry, signal })) hash.update(chunk);
  return hash.digest().blake2b512 ?? "";
}

async function readSignature(check: Check, title: string): Promise<Buffer> {
  const { place, keys, layers, retry, signal } = check;
  const keyIds = keys.map(({ keyId }) => keyId);
  const wanted = signatureTitleFor(title, keyIds, layers);
  const layer = layers.get(wanted);
  if (layer !== undefined) return fetchBytes(place, layer, { maxBytes: MAX_MINISIGN_FILE_BYTES, retry, signal });
  throw refusal(check, "SIGNATURE_MISSING", `it holds no file "${wanted}", expected the signature of "${title}"`, {
    hint: "Publish it signed: those who install from the index refuse it. If that is meant, add --accept-unsigned; name the version as NAME:TAG if other versions of the package are signed",
  });
}

function verify({ name, keys }: Check, file: Parameters<typeof verifyFile>[0]): string {
  const task = `index "${name}" by the signature of "${file.title}"`;
  try {
    return verifyFile(file, { keys, allowLegacy: false, task });
  } catch (error) {
    if (!(error instanceof PkgError) || error.code !== "SIGNATURE_UNTRUSTED") throw error;
    const hint =
      "Somebody else has published it, or with a key that is no longer in the set. Publish it again with a key of the set; if it is to be in the index as it is, name the key: --accept-key RW…. --keep-going leaves it out";
    throw new PkgError(error.code, error.message, { cause: error, hint });
  }
}

/** Everything but CHECKSUM, `PROGRAM.json` and signatures has its hash in CHECKSUM, so nothing can be added or exchanged. */
function checkListed(check: Check, bytes: Buffer): void {
  const { manifest, layers, entry } = check;
  if (layers.size < manifest.layers.length) throw refusal(check, "MANIFEST_INVALID", "it has a layer without a name");
  const checksum = parseChecksum(bytes);
  for (const [title, { digest }] of layers) {
    if (title === CHECKSUM_TITLE || title === entry.title || title.endsWith(SIGNATURE_SUFFIX)) continue;
    const expected = checksum.lookup(title)?.sha256;
    if (expected === undefined) throw refusal(check, "CHECKSUM_MISSING", `CHECKSUM has no SHA-256 of "${title}"`);
    const found = digestHex(digest);
    if (found === expected) continue;
    const problem = `the SHA-256 of "${title}" is "${found}", expected "${expected}" from CHECKSUM`;
    throw refusal(check, "CHECKSUM_MISMATCH", problem);
  }
}

function layerOf(check: Check, title: string): Descriptor {
  const layer = check.layers.get(title);
  if (layer !== undefined) return layer;
  throw refusal(check, "CHECKSUM_MISSING", `it holds no file "${title}"`);
}

function refusal({ name }: SignedPackage, code: PkgError["code"], problem: string, options = {}): PkgError {
  return new PkgError(code, `Cannot index "${name}": ${problem}`, options);
}
