import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";

type Schema = Readonly<Record<string, unknown>>;

const DIRECTORY = join(import.meta.dirname, "../metadata-schema/output");
const VOCABULARY = "vocabulary.schema.json";

/** docs/json.md, which `npm run docs` writes from the schemas. */
export const JSON_PAGE = join(import.meta.dirname, "../docs/json.md");

/** The schemas of what `--json` prints, by the name of their file. */
export const OUTPUT_SCHEMAS = readdirSync(DIRECTORY)
  .filter((file) => file.endsWith(".schema.json"))
  .map((file): { readonly file: string; readonly schema: Schema } => ({ file, schema: read(file) }));

/** Those of documents: a word of the vocabulary may be called as a command is, such as `install`. */
const DOCUMENT_SCHEMAS = OUTPUT_SCHEMAS.filter(({ file }) => file !== VOCABULARY);

/** An Ajv that knows them. */
export function createOutputAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    allowUnionTypes: true,
  });
  for (const { file, schema } of OUTPUT_SCHEMAS) ajv.addSchema(schema, file);
  return ajv;
}

/** The schema of a command's document, as a reference; `failed` is that of a command that failed as a whole. */
export function documentSchema(command: string): string {
  const name = command.replaceAll(" ", "-");
  const found = DOCUMENT_SCHEMAS.find(({ schema }) => Object.hasOwn(definitionsOf(schema), name));
  return `${found?.file ?? "nowhere"}#/$defs/${name}`;
}

/** A document of each command, as it was printed once. */
export function exampleDocuments(): ReadonlyMap<string, unknown> {
  const examples: Readonly<Record<string, unknown>> = JSON.parse(
    readFileSync(join(DIRECTORY, "examples.json"), "utf8"),
  );
  return new Map(Object.entries(examples));
}

/** The page: what all documents have in common, then the fields of each of `commands`, and an example. */
export function jsonPage(commands: readonly string[]): string {
  const examples = exampleDocuments();
  const definitions = new Map(DOCUMENT_SCHEMAS.flatMap(({ schema }) => Object.entries(definitionsOf(schema))));
  const documents = commands.map((command) => {
    const name = command.replaceAll(" ", "-");
    return section(command, definitions.get(name) ?? {}, examples.get(name));
  });
  return `${INTRODUCTION}\n${documents.join("\n")}`;
}

function section(command: string, definition: Schema, example: unknown): string {
  const rows = fieldRows(definition, "").map(([path, type, meaning]) => `| \`${path}\` | ${type} | ${meaning} |`);
  const table = ["| field | type | meaning |", "|---|---|---|", ...rows].join("\n");
  const page = `commands/${command.replaceAll(" ", "-")}.md`;
  return `### [pkg ${command}](${page})\n\n${table}\n\n\`\`\`json\n${layOut(example, "")}\n\`\`\`\n`;
}

type Row = readonly [path: string, type: string, meaning: string];

function fieldRows(schema: Schema, prefix: string): readonly Row[] {
  return Object.entries(recordOf(schema["properties"])).flatMap(([name, field]) => {
    const word = { ...recordOf(definitionsOf(read(VOCABULARY))[name]), ...recordOf(field) };
    if (name === "error" || name === "errors" || name === "warnings") return [];
    const path = `${prefix}${name}`;
    const items = recordOf(word["items"]);
    const values = recordOf(word["additionalProperties"]);
    return [
      [path, typeOf(word), String(word["description"] ?? "").replaceAll("|", "\\|")] as const,
      ...fieldRows(word, `${path}.`),
      ...fieldRows(items, `${path}[].`),
      ...fieldRows(values, `${path}.*.`),
    ];
  });
}

function typeOf({ type, items }: Schema): string {
  if (type === "array")
    return `list${typeof recordOf(items)["type"] === "string" ? ` of ${String(recordOf(items)["type"])}s` : ""}`;
  return [type]
    .flat()
    .map((one) => String(one ?? "any"))
    .join(" or ");
}

const MAX_LINE_CHARACTERS = 100;

/** A JSON document with as much on a line as fits. */
function layOut(value: unknown, indent: string): string {
  const line = JSON.stringify(value, null, 1).replaceAll(/\n */g, " ");
  if (typeof value !== "object" || value === null || indent.length + line.length <= MAX_LINE_CHARACTERS) return line;
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const parts = Array.isArray(value)
    ? value.map((item) => layOut(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${layOut(item, inner)}`);
  return `${open}\n${parts.map((part) => `${inner}${part}`).join(",\n")}\n${indent}${close}`;
}

function definitionsOf(schema: Schema): Readonly<Record<string, Schema>> {
  const definitions = Object.entries(recordOf(schema["$defs"]));
  return Object.fromEntries(definitions.map(([name, definition]) => [name, recordOf(definition)]));
}

/** The object that a value of a schema is; empty for another value. */
export function recordOf(value: unknown): Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function read(file: string): Schema {
  return JSON.parse(readFileSync(join(DIRECTORY, file), "utf8"));
}

const INTRODUCTION = `<!-- Written by \`npm run docs\`; change scripts/json-page.ts, or the schemas in metadata-schema/output. -->

# JSON for programs

With \`--json\`, every command prints exactly one JSON document to stdout, whatever happens: also for an error, a usage error, an
interruption, \`--help\` and \`--version\`. Progress, warnings and errors go to stderr as text as well, and may be ignored. The exit code says
whether it worked, as in [errors.md](errors.md).

## What every document has in common

A document is an object. What a command did to several things is a list in it, with an item for each thing that was named:

\`\`\`sh
pkg install trurl nosuch --json
\`\`\`

\`\`\`json
{
  "dryRun": false,
  "packages": [
    { "action": "install", "name": "trurl", "version": "8.14.1", "repository": "bincache", "sizeBytes": 1234567 },
    {
      "action": "fail",
      "name": "nosuch",
      "error": {
        "code": "PACKAGE_NOT_FOUND",
        "message": "Cannot find \\"nosuch\\": no package of that name in bincache",
        "hint": "Run \`pkg search nosuch\`"
      }
    }
  ]
}
\`\`\`

- An item that failed has an \`error\`, with the \`code\`, the \`message\` and the \`hint\` (or null) that a person sees. Its name is what was
  typed. So \`jq '.packages[] | select(.error)'\` lists what failed, for every command with packages.
- A package of which \`update\` or \`outdated\` cannot tell whether it is up to date has an \`error\` as well. Where another try would not
  help, and the package was not named, the command does not fail because of it.
- A command that failed as a whole prints \`{"error": {…}}\` and nothing else.
- \`update\` and \`outdated\` of everything do not fail for a package that cannot be updated, such as one whose repository was disabled: its
  item says so in \`error\`, and the exit code is 0 all the same.
- Errors that belong to no item, such as a repository that could not be synced before an update, are in the list \`errors\`.
- Warnings are in the list \`warnings\`, as texts. \`errors\` and \`warnings\` are left out when they would be empty.
- Text from outside is escaped in documents too, so it is safe to print them.

## The words

One word means the same in every document:

| field | meaning |
|---|---|
| \`name\` | what a package, repository or key is called |
| \`version\` | a version as text; a version that something is compared with has a longer name, such as \`availableVersion\` |
| \`repository\` | the name of the package repository in the config; null for what came by its reference |
| \`id\` | what tells a package apart from others of the same name |
| \`reference\` | where something is in a registry, layout or archive, as \`pkg install\` and \`pkg oci\` take it |
| \`url\` | an address on the web, or of an index |
| \`digest\` | a digest with its algorithm: \`sha256:…\`. Further ones say of what, or by what: \`manifestDigest\`, \`blake3Digest\` |
| \`sizeBytes\` | a size in bytes; what went over the network is \`bytesSent\` or \`bytesReceived\` |
| \`…Ms\` | a duration in milliseconds |
| \`…At\` | a time: ISO 8601, in UTC, such as \`2026-11-28T09:09:12.156Z\` |
| \`…Count\` | how many there are |
| \`path\` | a file or directory |
| \`keyId\`, \`publicKey\` | a minisign key: its id, and the whole of it |
| \`action\` | what was done, or would be |
| \`state\` | how something is |
| \`error\` | why it failed: \`code\`, \`message\`, \`hint\` |

The access log of \`pkg registry serve --access-log FILE --json\` is one object a line, with the same words.

Nothing else has these names, and no other name has these meanings. A field that has no value is null; a list may be empty.

## The documents

Of each command, in its usual form. \`error\`, \`errors\` and \`warnings\` are as described above. \`packages[].name\` is
the \`name\` of each item of \`packages\`, and \`repositories.*.url\` is the \`url\` of each value, whatever its key. The same as JSON
Schema is in [metadata-schema/output](../metadata-schema/output); a test holds every command to it.
`;
