import { formatReference } from "../oci/reference.ts";
import { hostName } from "../package/platform.ts";
import type { ProgramFile, Publication } from "../package/publication.ts";

/** What an entry says in addition to the publication and the program. */
export interface EntryContext {
  /** The tag of the platform's manifest. */
  readonly tag: string;
  /** ISO 8601, to the second; null: no time. */
  readonly createdAt: string | null;
}

type Field = string | number | readonly string[];

/**
 * The text of `PROGRAM.json`: the package's entry in a package index, without what only the index can say. Empty fields are
 * left out.
 *
 * @see metadata-schema/v1/package.schema.json
 */
export function entryText(publication: Publication, program: ProgramFile, context: EntryContext): string {
  return `${JSON.stringify(entryFields(publication, program, context), null, 2)}\n`;
}

function entryFields(
  publication: Publication,
  program: ProgramFile,
  { tag, createdAt }: EntryContext,
): Readonly<Record<string, Field>> {
  const { reference, name, version, family, id, description } = publication;
  return {
    pkg: name,
    pkg_name: name,
    ...(family === null ? {} : { pkg_family: family }),
    pkg_id: id,
    pkg_type: program.type,
    version,
    host: hostName(program.platform),
    ...(program.libc === null ? {} : { libc: program.libc }),
    ...(description === null ? {} : { description }),
    ghcr_pkg: formatReference({ ...reference, tag }),
    ghcr_blob: `${formatReference(reference)}@sha256:${program.sha256}`,
    size_raw: program.size,
    shasum: program.sha256,
    bsum: program.blake3,
    provides: providesOf(publication, program),
    ...lists(publication),
    ...(createdAt === null ? {} : { build_date: createdAt }),
  };
}

/** All programs of a directory, or else the one program. */
function providesOf({ provides, name }: Publication, { programs }: ProgramFile): readonly string[] {
  if (provides !== null) return provides;
  return programs.length > 0 ? programs : [name];
}

function lists(publication: Publication): Readonly<Record<string, readonly string[]>> {
  const { homepage, source, license } = publication;
  const fields: Readonly<Record<string, readonly (string | null)[]>> = {
    homepage: [homepage],
    src_url: [source],
    license: [license],
    maintainer: publication.maintainers,
    note: publication.notes,
    category: publication.categories,
    tag: publication.keywords,
    replaces: publication.replaces,
  };
  const written = Object.entries(fields).map(([key, texts]) => [key, texts.filter((text) => text !== null)] as const);
  return Object.fromEntries(written.filter(([, texts]) => texts.length > 0));
}
