import { type ExtractLimits, PACKAGE_LIMITS } from "../archive/extract-limits.ts";
import { ByteBudget } from "../base/byte-budget.ts";
import { MAX_BLOB_BYTES } from "../base/limits.ts";
import type { StoredBlob } from "../blobs/blob-store.ts";
import { hasCode, PkgError } from "../errors.ts";
import type { BlobAddress } from "../oci/content.ts";
import { HashedTransfer } from "../oci/hashed-transfer.ts";
import { packageName } from "../package/install-name.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { PackageSource } from "../sources/package-source.ts";
import type { FetchContext } from "./fetch-package.ts";
import { FetchProgress } from "./fetch-progress.ts";
import { type TakenKeg, takeKeg } from "./take-keg.ts";

export interface PourContext extends Omit<FetchContext, "now"> {
  /** Where bottles are poured; absolute. */
  readonly prefix: string;
  /** Default: PACKAGE_LIMITS. */
  readonly limits?: ExtractLimits;
}

/** A bottle whose files are in the store. */
export interface PouredBottle {
  /** The archive; the store does not hold it. */
  readonly blob: StoredBlob;
  readonly taken: TakenKeg;
  /** Bytes that came over the network. */
  readonly receivedBytes: number;
}

/** How much of their files all bottles together hold in memory, in bytes. */
const MAX_HELD_BYTES = 256 * 1024 ** 2;
const budget = new ByteBudget(MAX_HELD_BYTES);

/**
 * Receives a bottle and takes its files into the store in one pass: while it arrives, it is hashed, unpacked and relocated.
 * Unless its digest is right in the end, nothing of it is in the store.
 *
 * @throws {PkgError} DIGEST_MISMATCH; as takeKeg, as ResumedBlob; DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export async function pourBottle(
  context: PourContext,
  source: PackageSource,
  resolution: Resolution,
): Promise<PouredBottle> {
  const { main } = source;
  if (main === null) throw new Error(`the digest of the bottle of "${resolution.name}" is not known`);
  const progress = new FetchProgress(context.emit, resolution);
  const transfer = startTransfer(context, { source, main, resolution, progress });
  try {
    const { taken, size } = await takeIn(context, transfer, resolution);
    const hashes = { sha256: main.digest.slice("sha256:".length) };
    return { blob: { digest: main.digest, size, hashes }, taken, receivedBytes: progress.received };
  } catch (error) {
    throw await blamed(transfer, error, resolution);
  } finally {
    await transfer.close();
  }
}

interface Transfer {
  readonly source: PackageSource;
  readonly main: BlobAddress;
  readonly resolution: Resolution;
  readonly progress: FetchProgress;
}

function startTransfer(
  { emit, retry, signal }: PourContext,
  { source, main, resolution, progress }: Transfer,
): HashedTransfer {
  return new HashedTransfer({
    ...{ digest: main.digest, size: main.size, maxBytes: MAX_BLOB_BYTES, retry, signal },
    open: (position, ownSignal) => {
      emit({ kind: "task-step", id: resolution.name, step: "fetch" });
      return source.openBlob(main, position, ownSignal);
    },
    onStream: ({ size }) => progress.expect([{ size }]),
    onProgress: progress.of(main.digest),
  });
}

async function takeIn(
  { blobs, prefix, signal, discard, limits = PACKAGE_LIMITS }: PourContext,
  transfer: HashedTransfer,
  resolution: Resolution,
): Promise<{ readonly taken: TakenKeg; readonly size: number }> {
  const { version, dependencies } = resolution;
  const intake = blobs.intake(signal);
  try {
    const java = dependencies.find((one) => /^openjdk(?:@|$)/.test(one));
    const taken = await takeKeg({
      keg: { name: packageName(resolution), version },
      prefix: { path: prefix, ...(java === undefined ? {} : { java }) },
      ...{ source: transfer.chunks(), intake, budget, limits, signal },
    });
    const size = await transfer.finish();
    await intake.finish();
    return { taken, size };
  } catch (error) {
    discard(await intake.abandon());
    throw error;
  }
}

/** An archive that cannot be used may be another one than was asked for: then that is what is said. */
async function blamed(transfer: HashedTransfer, error: unknown, { name }: Resolution): Promise<unknown> {
  if (!hasCode(error, "ARCHIVE_INVALID", "RELOCATION_FAILED")) return error;
  try {
    await transfer.finish();
  } catch (other) {
    return hasCode(other, "DIGEST_MISMATCH") ? other : error;
  }
  const { code, message, hint } = error;
  return new PkgError(code, `Cannot install "${name}": ${uncapitalized(message)}`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

function uncapitalized(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
