import { readFileSync } from "node:fs";
import { maxHeaderSize } from "node:http";
import type { Plugin } from "esbuild";

/** A text in a file of a package, and what the program has in its place. */
type Replacement = readonly [text: string, by: string];

const UNDICI = /[\\/]node_modules[\\/]undici[\\/]lib[\\/]/;

/** When V8 compiles a function of a WebAssembly module once more, to make it quicker: roughly, how many bytes it has run by then. */
export const WASM_BUDGET = { flag: "--wasm-tiering-budget", usual: 13_000_000, forParser: 1_300_000_000 } as const;

/**
 * What packages require when they are loaded, though most commands that load them have no use for it: HTTP/2, with all of
 * TLS, where the server speaks plain HTTP, and Node's own client, of which one class and one number are wanted. Together
 * they take as long as an index takes to be read. And the parser of HTTP, one large function, is compiled a second time only by who
 * has very much to parse: that takes longer than all that most commands have it parse.
 */
const REPLACEMENTS: ReadonlyMap<string, readonly Replacement[]> = new Map([
  [
    "undici/lib/dispatcher/client.js",
    [
      ["const connectH2 = require('./client-h2.js')", "const connectH2 = (...of) => require('./client-h2.js')(...of)"],
      ["const http = require('node:http')", `const http = { maxHeaderSize: ${maxHeaderSize} }`],
    ],
  ],
  [
    "undici/lib/dispatcher/client-h1.js",
    [
      [
        "    llhttpInstance = lazyllhttp()\n",
        [
          "const { setFlagsFromString } = require('node:v8')",
          `setFlagsFromString('${WASM_BUDGET.flag}=${WASM_BUDGET.forParser}')`,
          "try { llhttpInstance = lazyllhttp() }",
          `finally { setFlagsFromString('${WASM_BUDGET.flag}=${WASM_BUDGET.usual}') }`,
          "",
        ].join("\n"),
      ],
    ],
  ],
  [
    "undici/lib/core/util.js",
    [
      ["const { IncomingMessage } = require('node:http')\n", ""],
      [
        "Object.getPrototypeOf(stream).constructor === IncomingMessage",
        // A socket is none.
        "!(stream instanceof net.Socket) && Object.getPrototypeOf(stream).constructor === require('node:http').IncomingMessage",
      ],
    ],
  ],
]);

/** What undici gets in the place of `node:assert`, which is loaded once an assertion fails. */
const ASSERT = "module.exports = (holds, ...said) => { if (!holds) require('node:assert')(holds, ...said) }";

/** Makes packages require what is seldom needed when they need it. @throws {Error} when a package has changed */
export function seldomRequired(): Plugin {
  return {
    name: "seldom-required",
    setup(build) {
      build.onResolve({ filter: /^node:assert$/ }, ({ importer, namespace }) =>
        namespace === "file" && UNDICI.test(importer) ? { path: "assert", namespace: "seldom-required" } : undefined,
      );
      build.onLoad({ filter: /./, namespace: "seldom-required" }, () => ({ contents: ASSERT, loader: "js" }));
      build.onLoad({ filter: UNDICI }, ({ path }) => {
        const [, name = ""] = /node_modules[\\/](.*)$/.exec(path) ?? [];
        const replacements = REPLACEMENTS.get(name.replaceAll("\\", "/"));
        return replacements === undefined ? undefined : { contents: replaced(path, replacements), loader: "js" };
      });
    },
  };
}

function replaced(path: string, replacements: readonly Replacement[]): string {
  return replacements.reduce(
    (source, [text, by]) => {
      const parts = source.split(text);
      if (parts.length !== 2) throw new Error(`Cannot build: expected ${JSON.stringify(text)} once in "${path}"`);
      return parts.join(by);
    },
    readFileSync(path, "utf8"),
  );
}
