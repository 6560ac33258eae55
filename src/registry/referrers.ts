import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { OCI_INDEX } from "../oci/media-types.ts";
import { answer, type Exchange, methodNotAllowed } from "./exchange.ts";
import { nextLink, pageSize } from "./listing.ts";
import { describeReferrer } from "./manifest-facts.ts";

/** Clients do not read larger indexes; a single entry may exceed it. */
const MAX_PAGE_BYTES = 2 * 1024 * 1024;
const MAX_PAGE_ENTRIES = 1000;

interface ReferrersPage {
  readonly manifests: readonly Descriptor[];
  /** The last digest on the page, when there are more; else null. */
  readonly last: Digest | null;
}

/**
 * GET of the manifests whose subject is `subject`, by digest, in pages (OCI distribution-spec 1.1, "Listing
 * Referrers"). The index is empty when the subject or the repository is not here: a referrer may be pushed first.
 */
export async function handleReferrers(exchange: Exchange, name: string, subject: Digest): Promise<void> {
  if (exchange.method !== "GET" && exchange.method !== "HEAD") throw methodNotAllowed(exchange, ["GET", "HEAD"]);
  const { query } = exchange;
  const artifactType = query.get("artifactType");
  const after = query.get("last");
  const found = await findReferrers(exchange, name, subject);
  const rest = found.filter(({ digest }) => after === null || digest > after);
  const { manifests, last } = await readPage(rest, Math.min(pageSize(query), MAX_PAGE_ENTRIES));
  const headers = {
    "content-type": OCI_INDEX,
    ...(artifactType === null ? {} : { "oci-filters-applied": "artifactType" }),
    ...(last === null ? {} : { link: nextLink(`/v2/${name}/referrers/${subject}`, query, last) }),
  };
  answer(exchange, 200, headers, JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
}

/** One referrer; its descriptor is made only when it is listed, as it may be large. */
interface Referrer {
  readonly digest: Digest;
  /** Null when it was removed meanwhile. */
  readonly describe: () => Promise<Descriptor | null>;
}

/** The referrers, sorted by digest: the upstream's if it can be asked, as only those that were pulled are here. */
async function findReferrers(exchange: Exchange, name: string, subject: Digest): Promise<readonly Referrer[]> {
  const { storage, upstream, query } = exchange;
  const artifactType = query.get("artifactType");
  const foreign = await upstream?.listReferrers(name, subject);
  if (foreign !== null && foreign !== undefined) {
    const wanted = foreign.filter((entry) => artifactType === null || entry.artifactType === artifactType);
    const referrers = wanted.map((entry) => ({ digest: entry.digest, describe: () => Promise.resolve(entry) }));
    return referrers.toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
  }
  const digests = await storage.listReferrers(name, subject, artifactType);
  return digests.map((digest) => ({
    digest,
    describe: async () => {
      const stored = await storage.readManifest(name, digest);
      return stored === null ? null : describeReferrer(digest, stored);
    },
  }));
}

async function readPage(referrers: readonly Referrer[], most: number): Promise<ReferrersPage> {
  const manifests: Descriptor[] = [];
  let size = 0;
  for (const { describe } of referrers) {
    if (manifests.length >= most) return { manifests, last: manifests.at(-1)?.digest ?? null };
    const descriptor = await describe();
    if (descriptor === null) continue;
    size += JSON.stringify(descriptor).length;
    if (size > MAX_PAGE_BYTES && manifests.length > 0) return { manifests, last: manifests.at(-1)?.digest ?? null };
    manifests.push(descriptor);
  }
  return { manifests, last: null };
}
