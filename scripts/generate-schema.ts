/**
 * Makes validators and types from the schemas in `metadata-schema/v1`, and its README.
 * Run it with `npm run generate`; a test compares its output with what is checked in.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import standaloneModule from "ajv/dist/standalone/index.js";
import { build } from "esbuild";
import { compile } from "json-schema-to-typescript";
import { describeSchemas } from "./schema-readme.ts";

const ROOT = join(import.meta.dirname, "..");
const SCHEMA_DIRECTORY = join(ROOT, "metadata-schema/v1");
const BANNER =
  "// Generated from metadata-schema/v1 by scripts/generate-schema.ts. Do not edit: run `npm run generate`.";
const COMMON = "common.schema.json";

/** A generated module: a validator and a type for each of its schemas. */
interface Target {
  readonly path: string;
  readonly schemas: readonly { readonly file: string; readonly type: string; readonly validator: string }[];
}

const TARGETS: readonly Target[] = [
  {
    path: "src/generated/index-schema",
    schemas: [
      { file: "g1.schema.json", type: "G1Entry", validator: "validateG1" },
      { file: "g2.schema.json", type: "G2Entry", validator: "validateG2" },
      { file: "g3.schema.json", type: "G3Entry", validator: "validateG3" },
      { file: "package.schema.json", type: "V1Entry", validator: "validatePackage" },
      { file: "index.schema.json", type: "V1Header", validator: "validateIndexHeader" },
    ],
  },
  {
    path: "src/generated/config-schema",
    schemas: [{ file: "config.schema.json", type: "ConfigFile", validator: "validateConfig" }],
  },
  {
    path: "src/generated/declaration-schema",
    schemas: [
      { file: "packages.schema.json", type: "PackagesFile", validator: "validatePackages" },
      { file: "lock.schema.json", type: "LockFile", validator: "validateLock" },
    ],
  },
  {
    path: "src/generated/publication-schema",
    schemas: [{ file: "publish.schema.json", type: "PublishManifest", validator: "validatePublish" }],
  },
];

/** Every generated file, path relative to the root → content. */
export async function generateFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const target of TARGETS) {
    files.set(`${target.path}.js`, await generateValidators(target));
    files.set(`${target.path}.d.ts`, await generateTypes(target));
  }
  files.set("metadata-schema/README.md", describeSchemas(SCHEMA_NAMES.map(readSchema), readSchema(COMMON)));
  return files;
}

const SCHEMA_NAMES = TARGETS.flatMap(({ schemas }) => schemas.map(({ file }) => file));

/** Reads one schema of `metadata-schema/v1`. */
export function readSchema(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(SCHEMA_DIRECTORY, name), "utf8"));
}

/** An Ajv that knows every schema of `metadata-schema/v1` by its file name. */
export function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    strictTypes: false,
    allowUnionTypes: true,
    // Errors carry the schema that they are about, so that a message can say what was expected.
    verbose: true,
    inlineRefs: false,
    code: { source: true, esm: true, lines: true, optimize: true },
  });
  for (const name of [COMMON, ...SCHEMA_NAMES]) ajv.addSchema(readSchema(name), name);
  return ajv;
}

async function generateValidators({ schemas }: Target): Promise<string> {
  const exports = Object.fromEntries(schemas.map(({ validator, file }) => [validator, file]));
  const source = standalone(createAjv(), exports);
  const result = await build({
    stdin: { contents: source, resolveDir: ROOT, loader: "js" },
    // Paths in the output must depend neither on where this is run, nor on how packages are linked.
    absWorkingDir: ROOT,
    preserveSymlinks: true,
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    charset: "utf8",
    write: false,
  });
  const [output] = result.outputFiles;
  if (output === undefined) throw new Error("esbuild made no output");
  return `${BANNER}\n${countingLessOften(withLazyPatterns(output.text))}`;
}

/**
 * A text has at most as many characters as code units, and at least half as many: ajv counts those of every text that has a limit, which
 * takes longer than all other checks of an entry.
 */
function countingLessOften(source: string): string {
  const [, count] = /^var (func\d+) = require_ucs2length\(\)/m.exec(source) ?? [];
  if (count === undefined) return source;
  const comparison = new RegExp(`\\b${count}\\((\\w+)\\) ([<>]) (\\d+)`, "g");
  return source.replaceAll(comparison, (whole, text: string, sign: string, limit: string) => {
    const bound = sign === ">" ? limit : String(Number(limit) * 2);
    return `${text}.length ${sign} ${bound} && ${whole}`;
  });
}

/** Made when they are first used: most texts reach few of them, and one with properties of Unicode takes a fraction of a millisecond. */
function withLazyPatterns(source: string): string {
  const patterns = /^(var pattern\d+ = )new RegExp\((.*)\);$/gm;
  if (source.replaceAll(patterns, "").includes("new RegExp(")) throw new Error("A pattern is not made as expected");
  return `${source.replaceAll(patterns, "$1lazyPattern($2);")}${LAZY_PATTERN}`;
}

const LAZY_PATTERN = `
function lazyPattern(source, flags) {
  let made;
  return { test: (text) => (made ??= new RegExp(source, flags)).test(text) };
}
`;

// Under Node the CommonJS module is the default export; its types say that it is the function itself.
const standalone: (ajv: Ajv2020, exports: Record<string, string>) => string =
  "default" in standaloneModule ? standaloneModule.default : standaloneModule;

const VALIDATOR_TYPES = `
/** One way in which a value breaks the schema, as ajv reports it. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly parentSchema?: { readonly properties?: Readonly<Record<string, unknown>>; readonly description?: string };
  /** Set for the name of a property, not its value. */
  readonly propertyName?: string;
}

/** Checks whether a value fits the schema; when it does not, \`errors\` of the last call says why. */
export interface Validator<T> {
  (value: unknown): value is T;
  readonly errors?: readonly SchemaError[] | null;
}
`;

async function generateTypes({ schemas }: Target): Promise<string> {
  const types: string[] = [];
  const validators: string[] = [];
  for (const { file, type, validator } of schemas) {
    const source = await compile(forTypes(readSchema(file)), type, {
      bannerComment: "",
      additionalProperties: false,
      format: true,
      style: { printWidth: 120 },
    });
    types.push(source);
    validators.push(`export declare const ${validator}: Validator<${type}>;`);
  }
  return `${BANNER}\n${VALIDATOR_TYPES}\n${types.join("\n")}\n${validators.join("\n")}\n`;
}

/** The schema as the type generator needs it, with references to common definitions resolved. */
function forTypes(schema: Record<string, unknown>): Record<string, unknown> {
  const definitions: Record<string, object> = JSON.parse(JSON.stringify(readSchema(COMMON)["$defs"]));
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    if (!("$ref" in value) || typeof value.$ref !== "string") return withoutSurprises({ ...value });
    const { $ref, ...rest } = value;
    return withoutSurprises({ ...definitions[$ref.slice($ref.lastIndexOf("/") + 1)], ...rest });
  });
}

/** Without this, a limit on a list's length would become a union of tuples, and a field of any type an object. */
function withoutSurprises(schema: Record<string, unknown>): Record<string, unknown> {
  const { maxItems: _, ...rest } = schema;
  const [only, ...others] = Object.keys(rest);
  return only === "description" && others.length === 0 ? { ...rest, tsType: "unknown" } : rest;
}

if (import.meta.main) {
  for (const [path, content] of await generateFiles()) writeFileSync(join(ROOT, path), content);
}
