import type { TestContext } from "node:test";
import type { Credentials } from "../../src/credentials/credentials.ts";
import { createHttpClient } from "../../src/http/client.ts";
import type { BlobUpload, BlobWritten } from "../../src/oci/content.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { createRegistryClient } from "../../src/registry-client/client.ts";
import { digestOf, generatedStream } from "./generated-blob.ts";

type Blob = Partial<BlobUpload> & { readonly size: number };

/** Pushes generated blobs to the repository `a/b` of a registry, and records waits and retries. */
export interface PushDesk {
  readonly push: (blob: Blob, signal?: AbortSignal) => Promise<BlobWritten>;
  /** Whether the registry holds what `push` pushed. */
  readonly has: (size: number) => Promise<boolean>;
  /** Codes of the errors after which it retried. */
  readonly retries: string[];
  /** In ms. */
  readonly waits: number[];
}

export interface PushDeskOptions {
  readonly host: string;
  readonly credentials?: Credentials;
}

export function pushDesk(t: TestContext, { host, credentials }: PushDeskOptions): PushDesk {
  const http = createHttpClient({
    userAgent: "test",
    idleTimeoutMs: 30_000,
    minBytesPerSecond: 0,
    connectTimeoutMs: 30_000,
    connectionsPerOrigin: 4,
    trustedOrigins: new Set([`http://${host}`]),
    proxy: { http: null, https: null, noProxy: "" },
    ca: null,
  });
  t.after(() => http.close());
  const retries: string[] = [];
  const waits: number[] = [];
  const client = createRegistryClient({
    http,
    registries: {},
    plainHttp: () => true,
    retry: { attempts: 4, patienceMs: 60_000, baseMs: 1, capMs: 1 },
    random: () => 0,
    now: Date.now,
    sleep: async (ms) => void waits.push(ms),
    onRetry: (error) => retries.push(error.code),
    ...(credentials === undefined ? {} : { credentials }),
  });
  const reference = parseReference(`${host}/a/b`);
  const calm = new AbortController().signal;
  return {
    retries,
    waits,
    push: async (blob, signal = calm) => {
      const open = async (offset: number) => generatedStream(blob.size, offset);
      const upload = { digest: digestOf(blob.size), open, mountFrom: null, ...blob };
      return client.pushBlob(reference, upload, signal);
    },
    has: async (size) => {
      const asked = { reference, digest: digestOf(size), size, signal: calm };
      return (await client.headBlob(asked)) !== null;
    },
  };
}
