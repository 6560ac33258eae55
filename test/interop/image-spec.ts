import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv04 from "ajv-draft-04";

/** Tells what breaks the schema of that kind of document, or null. */
export type SpecCheck = (kind: "image-manifest" | "image-index", document: unknown) => string | null;

/** The schemas that the OCI image-spec publishes (draft-04), in the directory that `test/interop/setup` makes. */
export function imageSpecCheck(directory: string): SpecCheck {
  // Under Node the CommonJS module is the default export; its types say that it is the class itself.
  const Ajv = "default" in Ajv04 ? Ajv04.default : Ajv04;
  const ajv = new Ajv({ strict: false, allErrors: true, formats: { "date-time": true, uri: true } });
  for (const file of readdirSync(directory)) {
    const schema: unknown = JSON.parse(readFileSync(join(directory, file), "utf8"), withoutIds);
    if (typeof schema === "object" && schema !== null) ajv.addSchema(schema, file);
  }
  return (kind, document) => (ajv.validate(`${kind}-schema.json`, document) === true ? null : ajv.errorsText());
}

/** They name each other by file; the ids, some of them twice the same, lead elsewhere. */
function withoutIds(key: string, value: unknown): unknown {
  return key === "id" && typeof value === "string" && value.startsWith("https://opencontainers.org/")
    ? undefined
    : value;
}
