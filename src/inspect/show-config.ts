import type { Capabilities } from "../capabilities/capabilities.ts";
import type { ProvenancePolicy } from "../package/policy.ts";

/** The configuration in force, as it is shown. */
export interface ConfigOutcome {
  readonly paths: Readonly<Record<string, string>>;
  readonly host: string;
  readonly concurrency: number;
  readonly syncIntervalMs: number | null;
  readonly offline: boolean;
  readonly repositories: Readonly<
    Record<
      string,
      {
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
}

/** The configuration in force. Proxies are left out: their addresses may hold passwords. */
export function showConfig({ config }: Pick<Capabilities, "config">): ConfigOutcome {
  return {
    paths: { ...config.paths },
    host: config.host,
    concurrency: config.concurrency,
    syncIntervalMs: config.syncIntervalMs,
    offline: config.offline,
    repositories: Object.fromEntries(
      config.repositories.map(({ name, url, enabled, policy }) => [
        name,
        {
          url,
          enabled,
          require: policy.require,
          keys: policy.keys.map((key) => key.text),
          provenance: policy.provenance,
        },
      ]),
    ),
    registries: { ...config.registries },
  };
}
