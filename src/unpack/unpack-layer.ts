import { readLayer } from "../archive/read-layer.ts";
import type { BlobIntake, StoredBlob } from "../blobs/blob-store.ts";
import { PkgError } from "../errors.ts";
import { cleanPath } from "../image/layer-files.ts";
import { unpackedHash, type WantedLayer } from "../image/wanted-layer.ts";
import type { InstalledFile } from "../package/installation.ts";
import { takenFile } from "./taken-file.ts";

const SCRIPT_MODE = 0o755;

/** What is taken in, and from where. */
export interface TakeLayerRequest {
  readonly layer: WantedLayer;
  readonly source: AsyncIterable<Uint8Array>;
  readonly intake: BlobIntake;
  readonly signal: AbortSignal;
  /** Called with blobs that are of no use. */
  readonly discard: (blobs: readonly StoredBlob[]) => void;
}

/**
 * Takes the wanted files of a layer into the blob store. A path that the layer has twice counts as it stands last.
 *
 * @throws {PkgError} STATE_CHANGED when the layer lacks one of them; as readLayer
 */
export async function takeLayer(request: TakeLayerRequest): Promise<readonly InstalledFile[]> {
  const { layer, intake } = request;
  if (layer.members.length === 0) return [];
  const taken = await takeWanted(request);
  const scripts = layer.scripts.map(async ({ path, text }) =>
    takenFile(await intake.add([Buffer.from(text)], SCRIPT_MODE), path, SCRIPT_MODE),
  );
  const files = layer.members.map(({ from, to, mode }) => takenFile(blobOf(taken, from), to, mode));
  return [...files, ...(await Promise.all(scripts))];
}

async function takeWanted({ layer, source, intake, signal, discard }: TakeLayerRequest) {
  const modes = new Map(layer.members.map(({ from, mode }) => [from, mode]));
  const taken = new Map<string, StoredBlob>();
  for await (const { kind, path, body } of readLayer({ source, unpacked: unpackedHash(layer.diffId), signal })) {
    const from = cleanPath(path);
    const mode = modes.get(from);
    if (mode === undefined) continue;
    const before = taken.get(from);
    if (before !== undefined) discard([before]);
    taken.delete(from);
    if (kind === "file") taken.set(from, await intake.add(body, mode));
  }
  return taken;
}

function blobOf(taken: ReadonlyMap<string, StoredBlob>, path: string): StoredBlob {
  const blob = taken.get(path);
  if (blob !== undefined) return blob;
  throw new PkgError(
    "STATE_CHANGED",
    `Cannot unpack "/${path}": its layer changed in the store since it was verified`,
    {
      hint: "Run the command again",
    },
  );
}
