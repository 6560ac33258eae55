import type { Plugin } from "esbuild";

const NAMESPACE = "lazy-string-width";
const RESOLVED = Symbol("resolved");

/**
 * Delays the tables of `string-width` (a segmenter and Unicode patterns) until text that is not plain ASCII is
 * measured. listr2 loads a copy, which costs as much as half of the start of Node.
 */
export const lazyStringWidth: Plugin = {
  name: "lazy-string-width",
  setup(build) {
    build.onResolve({ filter: /^string-width$/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (pluginData === RESOLVED || importer === "") return undefined;
      const { path: real } = await build.resolve(path, { importer, resolveDir, kind, pluginData: RESOLVED });
      return { path: real, namespace: NAMESPACE };
    });
    build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({
      contents: lazyModule(path),
      resolveDir: "/",
    }));
  },
};

function lazyModule(path: string): string {
  return `
    let measure;
    export default function stringWidth(text, options) {
      if (typeof text === "string" && /^[\\x20-\\x7e]*$/.test(text)) return text.length;
      measure ??= require(${JSON.stringify(path)}).default;
      return measure(text, options);
    }`;
}
