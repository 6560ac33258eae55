import type { Config } from "../config/config.ts";
import { publishedIndexes } from "../keys/serial-memory.ts";
import { formatReference, looksLikeReference, parseReference, type Reference } from "../oci/reference.ts";

/** Commands to type after something was published. */
export interface NextSteps {
  /** Installs it, on any machine that reaches the registry. */
  readonly install: string;
  /** Adds it to the index that was published from here to the same owner's repositories; null: there is none. */
  readonly index: string | null;
}

/** The commands that follow the publication of `reference`, which has a tag. */
export function nextSteps(config: Config, reference: Reference): NextSteps {
  const options = connectionOptions(config, reference.registry);
  const index = publishedIndexes(config.paths).find((text) => isBeside(text, reference));
  const from = formatReference({ ...reference, tag: null, digest: null });
  return {
    install: `pkg install ${formatReference(reference)}${options}`,
    index: index === undefined ? null : `pkg index publish ${index} --from ${from}${options}`,
  };
}

/** What has to be typed to reach the registry as it was reached now. */
function connectionOptions({ registries, namedRegistries }: Config, registry: string): string {
  const isPlain = namedRegistries.plainHttp ?? registries[registry]?.plainHttp ?? false;
  return `${isPlain ? " --plain-http" : ""}${namedRegistries.insecure ? " --insecure" : ""}`;
}

/** True for an index in the same registry whose repository begins with the same word. */
function isBeside(text: string, { registry, name }: Reference): boolean {
  if (!looksLikeReference(text)) return false;
  const index = parseReference(text);
  return index.registry === registry && index.name.split("/")[0] === name.split("/")[0];
}
