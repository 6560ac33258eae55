import { type Digest, isDigest } from "../oci/digest.ts";
import { Problem } from "./problem.ts";

/** What a pushed document says it needs. */
export interface CheckedManifest {
  readonly mediaType: string;
  /** Of the config and of every layer that the registry must hold. */
  readonly blobs: readonly Digest[];
  /** Of every manifest that an image index lists. */
  readonly manifests: readonly Digest[];
}

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/i;

/**
 * Reads a pushed manifest or image index as far as a registry must understand it.
 *
 * @throws {Problem} MANIFEST_INVALID
 */
export function checkManifest(bytes: Buffer, contentType: string | undefined): CheckedManifest {
  const document = parseObject(bytes);
  const { layers, manifests, config, mediaType } = document;
  const declared = contentType?.split(";", 1)[0]?.trim() ?? mediaType;
  if (typeof declared !== "string" || !MEDIA_TYPE.test(declared)) throw invalid("it names no media type");
  if (mediaType !== undefined && mediaType !== declared) {
    throw invalid(`its mediaType contradicts the Content-Type "${declared}"`);
  }
  if (layers !== undefined && manifests !== undefined) throw invalid("it has both layers and manifests");
  if (layers === undefined && manifests === undefined) throw invalid("it has neither layers nor manifests");
  const configs = config === undefined ? [] : [config];
  return {
    mediaType: declared,
    blobs: digestsOf([...configs, ...list(layers)]),
    manifests: digestsOf(list(manifests)),
  };
}

function parseObject(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isObject(value)) return value;
  } catch (error) {
    throw new Problem("MANIFEST_INVALID", "manifest is not JSON", { cause: error });
  }
  throw invalid("it is not an object");
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw invalid("its layers or manifests are not a list");
}

function digestsOf(descriptors: readonly unknown[]): readonly Digest[] {
  return descriptors.map((descriptor) => {
    const digest = isObject(descriptor) ? descriptor["digest"] : undefined;
    if (typeof digest === "string" && isDigest(digest)) return digest;
    throw invalid("a descriptor has no valid digest");
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(reason: string): Problem {
  return new Problem("MANIFEST_INVALID", `manifest cannot be taken: ${reason}`);
}
