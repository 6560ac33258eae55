import type { PackageEntry } from "../../package/metadata.ts";
import { readCount, readFlag, readProvides, readText, readTexts, readUrls } from "../fields.ts";

type Text = string | null | undefined;
type Texts = string | readonly string[] | null | undefined;
type Flag = boolean | string | null | undefined;
type Count = number | string | null | undefined;

/** The fields that have the same name and meaning in every form, though not the same types. */
export interface CommonFields {
  readonly pkg_family?: Text;
  readonly pkg_id?: Text;
  readonly pkg_type?: Text;
  readonly description?: Text;
  readonly _disabled?: Flag;
  readonly installable?: Flag;
  readonly deprecated?: Flag;
  readonly shasum?: Text;
  readonly bsum?: Text;
  readonly provides?: readonly string[] | null | undefined;
  readonly homepage?: Texts;
  readonly src_url?: Texts;
  readonly license?: Texts;
  readonly maintainer?: Texts;
  readonly note?: Texts;
  readonly category?: Texts;
  readonly tag?: Texts;
  readonly replaces?: Texts;
  readonly rank?: Count;
  readonly download_count?: Count;
}

type Common = Pick<
  PackageEntry,
  | "family"
  | "id"
  | "type"
  | "description"
  | "disabled"
  | "installable"
  | "deprecated"
  | "sha256"
  | "blake3"
  | "aliases"
  | "provides"
  | "dependencies"
  | "keg"
  | "homepages"
  | "sources"
  | "licenses"
  | "maintainers"
  | "notes"
  | "categories"
  | "tags"
  | "replaces"
  | "rank"
  | "downloads"
>;

/** What those fields say, in the internal model. */
export function readCommonFields(fields: CommonFields): Common {
  return {
    family: readText(fields.pkg_family),
    id: readText(fields.pkg_id),
    type: readText(fields.pkg_type),
    description: readText(fields.description),
    disabled: readFlag(fields._disabled, false),
    installable: readFlag(fields.installable, true),
    deprecated: readFlag(fields.deprecated, false),
    sha256: fields.shasum ?? null,
    blake3: fields.bsum ?? null,
    aliases: [],
    provides: readProvides(fields.provides),
    // Packages of these forms are whole.
    dependencies: [],
    keg: null,
    homepages: readUrls(fields.homepage),
    sources: readUrls(fields.src_url),
    licenses: readTexts(fields.license),
    maintainers: readTexts(fields.maintainer),
    notes: readTexts(fields.note),
    categories: readTexts(fields.category),
    tags: readTexts(fields.tag),
    replaces: readTexts(fields.replaces),
    rank: readCount(fields.rank),
    downloads: readCount(fields.download_count),
  };
}
