import { hasCode } from "../errors.ts";
import type { Source, Target } from "../oci/content.ts";

/**
 * A registry's repository whose content is looked for in a bundle first, and in the registry if it is not there.
 *
 * @param open opens the registry's; not called for what the bundle has
 */
export function bundledFirst(bundled: Target, open: () => Target): Target {
  let opened: Target | undefined;
  const registry = (): Target => {
    opened ??= open();
    return opened;
  };
  const first = async <T>(ask: (place: Source) => Promise<T>): Promise<T> => {
    try {
      return await ask(bundled);
    } catch (error) {
      if (!hasCode(error, "HTTP_NOT_FOUND")) throw error;
      return ask(registry());
    }
  };
  return {
    ...bundled,
    resolve: (key, signal) => first((place) => place.resolve(key, signal)),
    fetchManifest: (key, signal) => first((place) => place.fetchManifest(key, signal)),
    fetchDocument: (key, signal) => first((place) => place.fetchDocument(key, signal)),
    openBlob: (blob, position, signal) => first((place) => place.openBlob(blob, position, signal)),
    listReferrers: async (subject, filter, signal) =>
      (await bundled.hasManifest(subject, signal))
        ? bundled.listReferrers(subject, filter, signal)
        : registry().listReferrers(subject, filter, signal),
  };
}
