import type { Capabilities } from "../capabilities/capabilities.ts";
import type { Origin } from "../config/origins.ts";
import type { ShareSettings } from "../package/holdings.ts";
import type { ProvenancePolicy } from "../package/policy.ts";

import { configOrigins } from "./config-origins.ts";

/** The configuration in force, as it is shown. */
export interface ConfigOutcome {
  readonly paths: Readonly<Record<string, string>>;
  /** The name of the profile in use. */
  readonly profile: string;
  readonly host: string;
  /** What of packages is linked in the data directory. */
  readonly share: ShareSettings;
  /** What is set for single packages, by their names. */
  readonly packages: Readonly<Record<string, { readonly portable?: boolean; readonly keepVersions?: number }>>;
  readonly concurrency: number;
  readonly syncIntervalMs: number | null;
  /** How long, in ms, what was changed can be undone; null: for ever. */
  readonly keepMs: number | null;
  readonly keepVersions: number;
  /** How long, in ms, a request is tried again without progress; null: the program's default. */
  readonly retryForMs: number | null;
  readonly offline: boolean;
  readonly caFile: string | null;
  /** Without user and password. */
  readonly proxy: { readonly http: string | null; readonly https: string | null; readonly noProxy: string };
  readonly repositories: Readonly<
    Record<
      string,
      {
        readonly kind: string;
        readonly url: string;
        readonly enabled: boolean;
        readonly require: readonly string[];
        readonly keys: readonly string[];
        readonly provenance: ProvenancePolicy | null;
      }
    >
  >;
  readonly registries: Readonly<
    Record<string, { readonly mirrors: readonly string[]; readonly mirrorOnly: boolean; readonly plainHttp: boolean }>
  >;
  /** Where each of these comes from, by its name with dots. */
  readonly origins: Readonly<Record<string, Origin>>;
}

/** The configuration in force, and where it comes from. What is secret is left out. */
export function showConfig({ config }: Pick<Capabilities, "config">): ConfigOutcome {
  return {
    paths: { ...config.paths },
    profile: config.profile,
    host: config.host,
    share: { ...config.share },
    packages: { ...config.packages },
    concurrency: config.concurrency,
    syncIntervalMs: config.syncIntervalMs,
    keepMs: config.keepMs,
    keepVersions: config.keepVersions,
    retryForMs: config.retryForMs,
    offline: config.offline,
    caFile: config.caFile,
    proxy: {
      http: withoutPassword(config.proxy.http),
      https: withoutPassword(config.proxy.https),
      noProxy: config.proxy.noProxy,
    },
    repositories: Object.fromEntries(
      config.repositories.map(({ name, kind, url, enabled, policy, formulaKeys }) => [
        name,
        {
          kind,
          url,
          enabled,
          require: policy.require,
          keys: [...policy.keys.map((key) => key.text), ...formulaKeys.map(({ id, spki }) => `${id}:${spki}`)],
          provenance: policy.provenance,
        },
      ]),
    ),
    registries: { ...config.registries },
    origins: configOrigins(config),
  };
}

function withoutPassword(proxy: string | null): string | null {
  return proxy === null ? null : proxy.replace(/^([a-z0-9+.-]+:\/\/)?[^/]*@/i, "$1");
}
