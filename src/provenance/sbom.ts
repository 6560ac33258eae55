import { asObject, parseJson } from "../base/json.ts";
import { jsonProblem } from "../base/strict-json.ts";
import { PkgError } from "../errors.ts";

/** The largest SBOM that can be attached. */
export const MAX_SBOM_BYTES = 64 * 1024 * 1024;

/** The media type of SPDX in JSON. */
export const SPDX_TYPE = "application/spdx+json";
/** The media type of CycloneDX in JSON. */
export const CYCLONEDX_TYPE = "application/vnd.cyclonedx+json";

/**
 * The media type of a software bill of materials, by what the document says it is.
 *
 * @throws {PkgError} PUBLISH_INVALID for what is neither SPDX nor CycloneDX in JSON
 * @see SPDX 2.3 and 3.0, "Document creation information"; CycloneDX 1.x, "bomFormat"
 */
export function sbomType(bytes: Buffer, file: string): string {
  const document = parse(bytes, file);
  if (document === null) throw invalid(file, "it is not a JSON object");
  const { spdxVersion, bomFormat, "@context": context } = document;
  if (typeof spdxVersion === "string" && spdxVersion.startsWith("SPDX-")) return SPDX_TYPE;
  if (typeof context === "string" && context.startsWith("https://spdx.org/rdf/")) return SPDX_TYPE;
  if (bomFormat === "CycloneDX") return CYCLONEDX_TYPE;
  throw invalid(file, "it says neither spdxVersion nor bomFormat");
}

function parse(bytes: Buffer, file: string) {
  return asObject(parseJson(bytes, (cause) => invalid(file, jsonProblem(cause), cause)));
}

function invalid(file: string, problem: string, cause?: unknown): PkgError {
  return new PkgError("PUBLISH_INVALID", `Cannot attach SBOM "${file}": ${problem}`, {
    hint: "Expected SPDX or CycloneDX as JSON, e.g. what `syft -o spdx-json` writes",
    cause,
  });
}
