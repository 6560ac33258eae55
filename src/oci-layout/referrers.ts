import type { RawDocument, ReferrersFilter } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { parseAny } from "../oci/graph.ts";
import {
  decodeReferrers,
  parseReferrersIndex,
  referrerDescriptor,
  referrersTag,
  subjectOf,
} from "../oci/referrers-index.ts";
import { readListed, tryRead } from "./documents.ts";
import type { LayoutFiles } from "./files.ts";
import { findManifest, type LayoutIndex } from "./index-json.ts";

/** Facts about a manifest, cached by its digest. */
interface Known {
  readonly subject: Digest | null;
  readonly descriptor: Descriptor;
}

const MAX_KNOWN = 10_000;

/** Finds referrers in a layout, which keeps no list of them. */
export interface ReferrersReader {
  /** The referrers in the layout's index and those listed under the fallback tag. */
  read(subject: Digest, filter: ReferrersFilter, signal: AbortSignal): Promise<readonly Descriptor[]>;
}

/** Creates a reader that caches facts about manifests. @see OCI distribution-spec 1.1, "Referrers Tag Schema" */
export function createReferrersReader(files: LayoutFiles): ReferrersReader {
  const known = new Map<Digest, Known | null>();

  function remember(document: RawDocument): Known | null {
    if (known.size >= MAX_KNOWN) known.clear();
    const parsed = parseAny(document);
    const fresh = parsed === null ? null : { subject: subjectOf(parsed), descriptor: referrerDescriptor(parsed) };
    known.set(document.digest, fresh);
    return fresh;
  }

  async function knownOf(digest: Digest, signal: AbortSignal): Promise<Known | null> {
    if (known.has(digest)) return (await files.blobSize(digest)) === null ? null : (known.get(digest) ?? null);
    const document = await tryRead(files, digest, signal);
    return document === null ? null : remember(document);
  }

  async function read(subject: Digest, { artifactType }: ReferrersFilter, signal: AbortSignal) {
    const index = await files.readIndex();
    const candidates = [...listedDigests(index), ...(await taggedDigests(files, { index, subject, signal }))];
    const found = new Map<Digest, Descriptor>();
    for (const digest of candidates) {
      const referrer = await knownOf(digest, signal);
      if (referrer?.subject === subject) found.set(digest, referrer.descriptor);
    }
    return [...found.values()].filter((referrer) => artifactType === null || referrer.artifactType === artifactType);
  }

  return { read };
}

/** Those untagged entries among `children` that need no entry, as a document names them; referrers keep theirs. */
export async function impliedEntries(
  files: LayoutFiles,
  {
    index,
    children,
    signal,
  }: { readonly index: LayoutIndex; readonly children: readonly Digest[]; readonly signal: AbortSignal },
): Promise<readonly Digest[]> {
  const listed = index.manifests.filter(({ descriptor }) => children.includes(descriptor.digest));
  const untagged = listed.filter(({ descriptor: { digest } }) =>
    listed.every((entry) => entry.descriptor.digest !== digest || entry.tag === null),
  );
  const implied: Digest[] = [];
  for await (const document of readListed(files, { ...index, manifests: untagged }, signal)) {
    const parsed = parseAny(document);
    if (parsed !== null && subjectOf(parsed) === null) implied.push(document.digest);
  }
  return implied;
}

function listedDigests(index: LayoutIndex): readonly Digest[] {
  return index.manifests.map(({ descriptor }) => descriptor.digest);
}

async function taggedDigests(
  files: LayoutFiles,
  { index, subject, signal }: { readonly index: LayoutIndex; readonly subject: Digest; readonly signal: AbortSignal },
): Promise<readonly Digest[]> {
  const tagged = findManifest(index, referrersTag(subject));
  const document = tagged === null ? null : await tryRead(files, tagged.digest, signal);
  const list = document === null ? null : parseReferrersIndex(document.bytes, document.mediaType, subject);
  return list === null ? [] : decodeReferrers(list.entries, subject).map(({ digest }) => digest);
}
