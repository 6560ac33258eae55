import { TrustedRoot } from "@sigstore/protobuf-specs";
import { type TrustMaterial, toTrustMaterial } from "@sigstore/verify";
import { byteCount } from "../base/format-bytes.ts";
import { parseStrictJson } from "../base/strict-json.ts";
import { PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readLocalFile } from "../fs/read-file.ts";
import shipped from "./trusted-root.json" with { type: "json" };

const MAX_ROOT_BYTES = 1024 * 1024;

/**
 * Reads the trusted certificate authorities and logs: those in a file of at most 1 MiB, or else those of Sigstore's public
 * instance as of this program's release. Sigstore's servers are not asked.
 *
 * @param path of a `trusted_root.json`; null: the public ones
 * @throws {PkgError} CONFIG_INVALID for a file that is not a trusted root; FILE_SYSTEM, PERMISSION_DENIED
 */
export async function readTrustedRoot(path: string | null): Promise<TrustMaterial> {
  if (path === null) return toTrustMaterial(TrustedRoot.fromJSON(shipped.trustedRoot));
  return parseTrustedRoot(await readRoot(path), path);
}

/** Parses a trusted root. @throws {PkgError} CONFIG_INVALID */
function parseTrustedRoot(bytes: Buffer, path: string): TrustMaterial {
  const material = decode(bytes, path);
  const { certificateAuthorities, tlogs, timestampAuthorities } = material;
  if (certificateAuthorities.length > 0 && tlogs.length + timestampAuthorities.length > 0) return material;
  throw invalid(path, "it names no certificate authority, or neither a log nor a timestamp authority");
}

function decode(bytes: Buffer, path: string): TrustMaterial {
  try {
    return toTrustMaterial(TrustedRoot.fromJSON(parseStrictJson(bytes.toString("utf8"))));
  } catch (cause) {
    throw invalid(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

async function readRoot(path: string): Promise<Buffer> {
  const tooLarge = (bytes: number) => invalid(path, `it has ${byteCount(bytes)}, expected at most ${MAX_ROOT_BYTES}`);
  try {
    return await readLocalFile(path, { maxBytes: MAX_ROOT_BYTES, tooLarge });
  } catch (error) {
    throw fileSystemError(error, `read trusted root "${path}"`);
  }
}

function invalid(path: string, problem: string, cause?: unknown): PkgError {
  return new PkgError("CONFIG_INVALID", `Cannot use trusted root "${path}": ${problem}`, {
    hint: "Expected the file trusted_root.json of a Sigstore instance",
    cause,
  });
}
