import { PkgError } from "../errors.ts";
import { decodePublication } from "../package-format/decode-publication.ts";
import { hintWhileAsked } from "../package-format/schema-problem.ts";
import { withNamedVersion } from "./named-version.ts";
import { type TypedPublication, typedFile } from "./read-publication.ts";

/** A publication that lacks nothing: any part of it may be replaced by what is to be checked. */
const SAMPLE = { reference: "example.org/a/b", version: "1", files: [{ path: "a", platform: "linux/amd64" }] };

export interface AnswerCheck {
  /** Where relative paths begin. */
  readonly directory: string;
  /** What messages call the publication: the path of its `pkg.json`. */
  readonly name: string;
}

/**
 * Checks single parts of a publication before the others are known, by the same rules as the whole.
 *
 * @returns the error that the whole would end in; null if there is none
 */
export async function problemWith(
  parts: Partial<TypedPublication>,
  { directory, name }: AnswerCheck,
): Promise<PkgError | null> {
  const { files = [], documents = [], provides = [], ...texts } = parts;
  try {
    const { reference = null, version = null } = texts;
    const named = withNamedVersion({ ...NOTHING, reference, version });
    const written = Object.entries({ ...texts, reference: named.reference, version: named.version });
    const fields = {
      ...SAMPLE,
      ...Object.fromEntries(written.filter(([, value]) => value !== null)),
      ...(files.length === 0 ? {} : { files: await Promise.all(files.map((file) => typedFile(file, directory))) }),
      ...(documents.length === 0 ? {} : { documents }),
      ...(provides.length === 0 ? {} : { provides }),
    };
    decodePublication({ fields, name, filesIn: directory, documentsIn: directory });
    return null;
  } catch (error) {
    if (!(error instanceof PkgError)) throw error;
    if (error.hint === undefined) return error;
    return new PkgError(error.code, error.message, { hint: hintWhileAsked(error.hint), cause: error });
  }
}

const NOTHING: TypedPublication = {
  ...{ reference: null, name: null, version: null, license: null, description: null, homepage: null, source: null },
  ...{ family: null, id: null, files: [], documents: [], provides: [] },
};
