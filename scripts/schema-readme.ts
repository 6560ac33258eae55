type Schema = Readonly<Record<string, unknown>>;

const INTRODUCTION = `# Metadata schema

JSON Schema (2020-12) for everything \`pkg\` reads that a person or another program wrote: the entries of a package
index, in its first version and in the three generations before it; the header of a package index; the file
\`pkg.json\`, which says what to publish; the files \`packages.toml\`, which says what to install, and \`packages.lock\`, which says exactly what that was; and the file \`config.toml\`. These files are the only definition:
\`npm run generate\` makes the validators and types that \`pkg\` uses, and this page, from them.

- A package index of the first version (V1Entry, V1Header) is \`{"format":1, …, "packages":[…]}\`, bare or packed with zstd or
  gzip: the members of its header first, \`packages\` last. It has a serial, an expiry and the keys that sign it, and holds
  entries of every platform. \`pkg index\` makes it, as [docs/index-hosting.md](../docs/index-hosting.md) describes.
- A package of the first version carries its own entry as the file \`PROGRAM.json\`, without the fields that only an index
  can have:
  \`manifest_digest\`, \`ghcr_files\`, \`ghcr_size_raw\`. \`pkg publish\` writes it.
- The older forms are a JSON array of entries (G1, G2) and \`{"format":1,"packages":[…]}\` without a serial (G3).
- Entries may hold fields that are not listed here; they are ignored. \`config.toml\`, \`packages.toml\`, \`packages.lock\` and \`pkg.json\` may not.
- An entry that breaks its schema is left out with a warning. Its neighbours stay. A header that breaks its schema, or has
  a key twice, makes the whole index unusable: nothing else in it can be trusted.
- An entry larger than 1 MiB is left out, and so is a second entry of the same id, name, version, type, platform and C
  library.
- \`v1/examples\` holds what is accepted and what is refused; the name of a file begins with its schema.
`;

/** The page that describes every field of `schemas`; references are looked up among the definitions of `common`. */
export function describeSchemas(schemas: readonly Schema[], common: Schema): string {
  const definitions = propertiesOf(common, "$defs");
  const sections = schemas.map((schema) => describeObject(schema, definitions, "##"));
  return `${INTRODUCTION}\n${sections.join("\n")}`;
}

function describeObject(schema: Schema, definitions: Schema, heading: string): string {
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const fields = Object.entries(propertiesOf(schema, "properties")).map(
    ([name, field]) => [name, resolve(asSchema(field), definitions)] as const,
  );
  const rows = fields.map(([name, field]) => {
    const wanted = required.includes(name) ? "yes" : "";
    return `| \`${name}\` | ${typeOf(field)} | ${wanted} | ${cell(String(field["description"] ?? ""))} |`;
  });
  const nested = fields
    .map(([name, field]) => nestedObject(name, field))
    .filter((found) => found !== null)
    .map((found) => describeObject(found, definitions, `${heading}#`));
  const table = ["| field | type | required | meaning |", "|---|---|---|---|", ...rows].join("\n");
  return [`${heading} ${schema["title"]}\n\n${schema["description"] ?? ""}\n\n${table}\n`, ...nested].join("\n");
}

/** The object a field holds, as an item or as a value under any key. */
function nestedObject(name: string, field: Schema): Schema | null {
  for (const keyword of ["items", "additionalProperties"]) {
    const inner = asSchema(field[keyword]);
    if ("properties" in inner) return { ...inner, title: keyword === "items" ? `${name}[]` : `[${name}.NAME]` };
  }
  return null;
}

function resolve(field: Schema, definitions: Schema): Schema {
  const reference = field["$ref"];
  if (typeof reference !== "string") return field;
  return { ...asSchema(definitions[reference.slice(reference.lastIndexOf("/") + 1)]), ...field };
}

function typeOf(field: Schema): string {
  if (Array.isArray(field["enum"])) return field["enum"].map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  if (field["type"] === undefined) return "any";
  const types = [field["type"]].flat().map((type) => (type === "array" ? listType(field) : String(type)));
  return types.join(" or ") + bounds(field);
}

function listType(field: Schema): string {
  const items = asSchema(field["items"]);
  if (Array.isArray(items["enum"])) return `list of ${typeOf(items)}`;
  return `list of ${String(items["type"] ?? "any")}`;
}

function bounds(field: Schema): string {
  if (typeof field["maxLength"] === "number") return `, at most ${field["maxLength"]} characters`;
  if (typeof field["maximum"] === "number") return `, ${field["minimum"]} to ${field["maximum"]}`;
  return "";
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function propertiesOf(schema: Schema, keyword: string): Schema {
  return asSchema(schema[keyword]);
}

function asSchema(value: unknown): Schema {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
