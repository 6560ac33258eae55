import { bottleTagOf } from "../config/formula-settings.ts";
import type { FetchIndexRequest } from "./fetched-index.ts";

/** Bytes of a document of formulae, compressed or not: twice as much as all platforms take. */
export const MAX_FORMULA_BYTES = 64 * 1024 * 1024;

/** How an index says that it was made of formulae. */
export const FORMULA_FORMAT = "homebrew";

const FOR_ALL_PLATFORMS = "formula.jws.json";

/** What a request for a machine's formulae asks for. They are signed inside, so they may come in any coding that a container has. */
export function formulaDocuments(host: string): Pick<FetchIndexRequest, "files" | "maxBytes" | "codings"> {
  return { files: formulaFiles(host), maxBytes: MAX_FORMULA_BYTES, codings: ["gzip", "zstd"] };
}

/** The documents that a machine's formulae may be in, the better ones first; paths below the repository's address. */
export function formulaFiles(host: string): readonly string[] {
  const tag = bottleTagOf(host);
  return [...(tag === null ? [] : [`internal/packages.${tag}.jws.json`]), FOR_ALL_PLATFORMS];
}

/** The address of one of these documents, by which it is remembered. */
export function formulaAddress(url: string, file: string = FOR_ALL_PLATFORMS): string {
  return `${url.replace(/\/+$/, "")}/${file}`;
}
