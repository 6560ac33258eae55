import type { TestContext } from "node:test";
import { DEFAULT_RETRY_POLICY } from "../../src/base/retry.ts";
import { loadConfig } from "../../src/config/config.ts";
import { createCredentialStore } from "../../src/credentials/credentials-store.ts";
import { createNetwork } from "../../src/network/create-network.ts";
import { tempHome } from "../support/temp-home.ts";

type Flags = Parameters<typeof loadConfig>[0]["flags"];

export interface TestNetworkOptions {
  readonly flags?: Flags;
  readonly env?: Readonly<Record<string, string>>;
}

/** The network of a run with these flags and this environment; each request is tried once. */
export function testNetwork(t: TestContext, { flags = {}, env = {} }: TestNetworkOptions = {}) {
  const config = loadConfig({ env, platform: "linux", arch: "x64", flags: { home: tempHome(t), ...flags } });
  const network = createNetwork({
    config,
    version: "0.0.0",
    credentials: async () => createCredentialStore({ settings: config.credentials, onWarning: () => {} }),
    retry: { ...DEFAULT_RETRY_POLICY, attempts: 1 },
    random: Math.random,
    now: Date.now,
    onRetry: () => {},
  });
  t.after(() => network.close());
  return { config, network };
}
