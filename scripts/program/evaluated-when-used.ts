/** Modules of Node that are loaded before the program is. */
const LOADED_ANYWAY: ReadonlySet<string> = new Set(
  ["buffer", "events", "fs", "module", "path", "process", "sea", "url", "util"].map((name) => `node:${name}`),
);

/** What esbuild begins each chunk with: functions by which modules of both kinds are turned into one another. */
const HELPERS =
  /^(?:"use strict";)?var __[\s\S]*?__toCommonJS=mod=>__copyProps\(__defProp\(\{\},"__esModule",\{value:!0\}\),mod\);/;
/** Where they give a chunk's exports, each by a function without braces in it. */
const EXPORTS = /var ([\w$]+)=\{\};__export\(\1,(\{[^{}]*\})\);module\.exports=__toCommonJS\(\1\);/;
/** For readers of CommonJS that look for names. */
const NAMES = /0&&\(module\.exports=\{[^{}]*\}\);\s*$/;
const A_HELPER =
  /\b__(?:defProp|copyProps|export|toCommonJS|create|getOwnPropDesc|getOwnPropNames|getProtoOf|hasOwnProp)\b/;

/** As esbuild writes what a module imports: of another chunk or of Node, or the whole of a CommonJS package. */
const IMPORT = /\b(import_[\w$]+)=(require\("([^"]+)"\)|\(0,import_[\w$]+\.__toESM\)\([^;]*?\(\)(?:,1)?\))(?=[,;])/g;
/** A chunk whose exports are not used, but whose turn to be evaluated it would be. */
const ORDER = /(?<=[;{}]|^)require\("\.\/[A-Z0-9]+\.js"\);/g;

/**
 * Makes a chunk, CommonJS from esbuild, evaluate what it imports when an export of that is first used: `import_a.b` becomes
 * `import_a.now.b`. So modules must do nothing when they are evaluated but make what they export. Cryptography, streams and
 * sockets of Node take as long to load as a short command takes to run, and of what a command's modules import, it calls a third.
 */
export function evaluatedWhenUsed(code: string): string {
  const lazy = new Set<string>();
  const deferred = withSharedHelpers(code)
    .replace(ORDER, "")
    .replace(IMPORT, (whole, variable: string, load: string, from?: string) => {
      if (from !== undefined && LOADED_ANYWAY.has(from)) return whole;
      lazy.add(variable);
      return `${variable}=later(()=>${load})`;
    });
  return deferred.replace(/(?<![\w$])(import_[\w$]+)(?=\.)/g, (variable) =>
    lazy.has(variable) ? `${variable}.now` : variable,
  );
}

/** The chunk without the functions of esbuild, which it shares with all others: it is given `exportAll` and `__toESM`. */
function withSharedHelpers(code: string): string {
  const shared = code
    .replace(HELPERS, "")
    .replace(EXPORTS, "exportAll(exports,$2);")
    .replace(NAMES, "")
    // A chunk is a module already.
    .replace(/__toESM\((require\("\.\/[A-Z0-9]+\.js"\))\)/g, "$1");
  return A_HELPER.test(shared) ? code : shared;
}
