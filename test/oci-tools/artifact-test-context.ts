import type { Event } from "../../src/base/events.ts";
import { loadConfig } from "../../src/config/config.ts";
import type { PullArtifactCapabilities } from "../../src/oci-tools/pull-artifact.ts";
import type { PushArtifactRequest } from "../../src/oci-tools/push-artifact.ts";
import { type Cleanup, tempHome } from "../support/temp-home.ts";

export interface TestCapabilities extends PullArtifactCapabilities {
  readonly events: readonly Event[];
}

/** What the operations on artifacts use, without a network: for layouts and archives. */
export function testCapabilities(test: Cleanup): TestCapabilities {
  const events: Event[] = [];
  return {
    config: loadConfig({ env: {}, platform: "linux", arch: "x64", flags: { home: tempHome(test) } }),
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    retry: { policy: { attempts: 1, patienceMs: 60_000, baseMs: 0, capMs: 0 }, random: () => 0, sleep: async () => {} },
    network: () => Promise.reject(new Error("there is no network in this test")),
    events,
  };
}

/** A request to push `files` of `directory`, with nothing else said. */
export function pushRequest(
  reference: string,
  directory: string,
  change: Partial<PushArtifactRequest> & { readonly files: readonly string[] },
): PushArtifactRequest {
  return {
    reference,
    directory,
    name: null,
    stdin: nothing(),
    config: null,
    platform: null,
    annotations: [],
    annotationFile: null,
    compression: "gzip",
    anyPath: false,
    artifactType: null,
    subject: null,
    exportManifest: null,
    ...change,
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
