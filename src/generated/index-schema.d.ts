// Generated from metadata-schema/v1 by scripts/generate-schema.ts. Do not edit: run `npm run generate`.

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

/** Checks whether a value fits the schema; when it does not, `errors` of the last call says why. */
export interface Validator<T> {
  (value: unknown): value is T;
  readonly errors?: readonly SchemaError[] | null;
}

/**
 * An entry of a first-generation index (a JSON array): every scalar is a JSON string, also booleans and numbers.
 */
export interface G1Entry {
  /**
   * `true`: the entry is withdrawn and cannot be installed.
   */
  _disabled?: "true" | "false" | null;
  /**
   * Name of the recipe, e.g. `7z.static`; used as `pkg_name` when that is missing.
   */
  pkg?: string;
  /**
   * Name the package is installed as, e.g. `7z`.
   */
  pkg_name?: string;
  /**
   * Family the package belongs to, e.g. `curl`; typed as `family/name`.
   */
  pkg_family?: string | null;
  /**
   * Identity of the package, e.g. `github.com.ip7z.7zip`; with name, version and type it identifies an entry.
   */
  pkg_id?: string | null;
  /**
   * Kind of program: `static`, `dynamic`, `archive`, `appimage`, `appbundle`, `flatimage`, `gameimage`, `nixappimage`, `runimage`, `onelf`.
   */
  pkg_type?: string | null;
  /**
   * Version of the package: semver, a date, `HEAD-<commit>-<time>` or anything else. Case matters.
   */
  version: string;
  /**
   * Newest version upstream. Not used by `pkg`, so never a reason to refuse the entry.
   */
  version_upstream?: unknown;
  /**
   * Newest version known when the index was made. Not used by `pkg`, so never a reason to refuse the entry.
   */
  version_latest?: unknown;
  /**
   * Whether upstream has a newer version. Not used by `pkg`, so never a reason to refuse the entry.
   */
  version_outdated?: unknown;
  /**
   * Platform that the program runs on, e.g. `x86_64-Linux`; compared case-insensitively.
   */
  host?: string | null;
  /**
   * What the program does, in a sentence.
   */
  description?: string | null;
  /**
   * Reference of the whole artifact by tag, e.g. `ghcr.io/pkgforge/bincache/curl/stunnel/trurl:8.11.1-x86_64-linux`.
   */
  ghcr_pkg: string;
  /**
   * Reference of the main file's blob by digest; of a list, the one whose digest is `shasum`. Must agree with `shasum`.
   */
  ghcr_blob?: string | string[] | null;
  /**
   * Titles of all files in the artifact.
   */
  ghcr_files?: string[] | null;
  /**
   * Size of all files, for people. Not used by `pkg`, so never a reason to refuse the entry.
   */
  ghcr_size?: unknown;
  /**
   * Bytes of all files.
   */
  ghcr_size_raw?: string | null;
  /**
   * Web page of the artifact. Not used by `pkg`, so never a reason to refuse the entry.
   */
  ghcr_url?: unknown;
  /**
   * Size of the main file, for people. Not used by `pkg`, so never a reason to refuse the entry.
   */
  size?: unknown;
  /**
   * Bytes of the main file.
   */
  size_raw?: string | null;
  /**
   * SHA-256 of the main file, lower-case hex.
   */
  shasum?: string | null;
  /**
   * BLAKE3 of the main file, lower-case hex.
   */
  bsum?: string | null;
  /**
   * Programs and links: `a` (a program), `a==b` (kept under both names), `a=>b` (linked as `b` only), `a:b` (alias), `@a` (extra program). May list programs that the artifact does not carry.
   */
  provides?: string[] | null;
  /**
   * Older tags that can still be pulled, each as `tag[version]` or `tag`.
   */
  snapshots?: string[] | null;
  /**
   * Addresses of the project.
   */
  homepage?: string | string[] | null;
  /**
   * Addresses of the source code.
   */
  src_url?: string | string[] | null;
  /**
   * Licences, by SPDX name where there is one.
   */
  license?: string | string[] | null;
  /**
   * Maintainers of the package, each as `Name (contact)`.
   */
  maintainer?: string | string[] | null;
  /**
   * Notes for people who install the package.
   */
  note?: string | string[] | null;
  /**
   * Desktop categories.
   */
  category?: string | string[] | null;
  /**
   * Words that searches find the package by.
   */
  tag?: string | string[] | null;
  /**
   * Values of `pkg_id` that this package replaces.
   */
  replaces?: string | string[] | null;
  /**
   * Names of the project at Repology. Not used by `pkg`, so never a reason to refuse the entry.
   */
  repology?: unknown;
  /**
   * Rank by popularity, 1 first.
   */
  rank?: string | null;
  /**
   * Downloads so far.
   */
  download_count?: string | null;
  /**
   * Downloads in the last week. Not used by `pkg`, so never a reason to refuse the entry.
   */
  download_count_week?: unknown;
  /**
   * Downloads in the last month. Not used by `pkg`, so never a reason to refuse the entry.
   */
  download_count_month?: unknown;
  /**
   * `true`: no longer maintained; still installable.
   */
  deprecated?: "true" | "false" | null;
  /**
   * `false`: listed, but cannot be installed.
   */
  installable?: "true" | "false" | null;
  /**
   * When it was built, ISO 8601.
   */
  build_date?: string | null;
  /**
   * Id of the build. Not used by `pkg`, so never a reason to refuse the entry.
   */
  build_id?: unknown;
  /**
   * Address of the build's run. Not used by `pkg`, so never a reason to refuse the entry.
   */
  build_gha?: unknown;
  /**
   * Address of the build's log. Not used by `pkg`, so never a reason to refuse the entry.
   */
  build_log?: unknown;
  /**
   * Address of the recipe. Not used by `pkg`, so never a reason to refuse the entry.
   */
  build_script?: unknown;
  /**
   * Id of the desktop application. Not used by `pkg`, so never a reason to refuse the entry.
   */
  app_id?: unknown;
  /**
   * Address of the AppStream file. Not used by `pkg`, so never a reason to refuse the entry.
   */
  appstream?: unknown;
  /**
   * Whether it is a bundle of several programs. Not used by `pkg`, so never a reason to refuse the entry.
   */
  bundle?: unknown;
  /**
   * Address of the desktop file. Not used by `pkg`, so never a reason to refuse the entry.
   */
  desktop?: unknown;
  /**
   * Whether it integrates with a desktop. Not used by `pkg`, so never a reason to refuse the entry.
   */
  desktop_integration?: unknown;
  /**
   * Address of the main file over the web. Not used by `pkg`, so never a reason to refuse the entry.
   */
  download_url?: unknown;
  /**
   * Whether it was built elsewhere. Not used by `pkg`, so never a reason to refuse the entry.
   */
  external?: unknown;
  /**
   * Address of the icon. Not used by `pkg`, so never a reason to refuse the entry.
   */
  icon?: unknown;
  /**
   * Address of the manifest over the web. Not used by `pkg`, so never a reason to refuse the entry.
   */
  manifest_url?: unknown;
  /**
   * Web page of the package. Not used by `pkg`, so never a reason to refuse the entry.
   */
  pkg_webpage?: unknown;
  /**
   * Whether it keeps its data next to itself. Not used by `pkg`, so never a reason to refuse the entry.
   */
  portable?: unknown;
  /**
   * Whether what it provides is provided in turn. Not used by `pkg`, so never a reason to refuse the entry.
   */
  recurse_provides?: unknown;
  /**
   * Whether the index's maintainers trust it. Not used by `pkg`, so never a reason to refuse the entry.
   */
  trusted?: unknown;
}

/**
 * An entry of a second-generation index (a JSON array): booleans and numbers are not written as text, and `ghcr_pkg` may hold a placeholder.
 */
export interface G2Entry {
  /**
   * `true`: the entry is withdrawn and cannot be installed.
   */
  _disabled?: true | false | "true" | "false" | null;
  /**
   * Name of the recipe, e.g. `7z.static`; used as `pkg_name` when that is missing.
   */
  pkg?: string;
  /**
   * Name the package is installed as, e.g. `7z`.
   */
  pkg_name?: string;
  /**
   * Family the package belongs to, e.g. `curl`; typed as `family/name`.
   */
  pkg_family?: string | null;
  /**
   * Identity of the package, e.g. `github.com.ip7z.7zip`; with name, version and type it identifies an entry.
   */
  pkg_id?: string | null;
  /**
   * Kind of program: `static`, `dynamic`, `archive`, `appimage`, `appbundle`, `flatimage`, `gameimage`, `nixappimage`, `runimage`, `onelf`.
   */
  pkg_type?: string | null;
  /**
   * Version of the package: semver, a date, `HEAD-<commit>-<time>` or anything else. Case matters.
   */
  version: string;
  /**
   * Newest version upstream. Not used by `pkg`, so never a reason to refuse the entry.
   */
  version_upstream?: unknown;
  /**
   * Newest version known when the index was made. Not used by `pkg`, so never a reason to refuse the entry.
   */
  version_latest?: unknown;
  /**
   * Whether upstream has a newer version. Not used by `pkg`, so never a reason to refuse the entry.
   */
  version_outdated?: unknown;
  /**
   * Platform that the program runs on, e.g. `x86_64-Linux`; compared case-insensitively.
   */
  host?: string | null;
  /**
   * What the program does, in a sentence.
   */
  description?: string | null;
  /**
   * Reference of the whole artifact by tag. `{{version}}` in it stands for `version`; without a registry it is a path below `ghcr.io/pkgforge/`, to which the name of the recipe is added; without a tag the tag is `<version>-<host>`.
   */
  ghcr_pkg: string;
  /**
   * Reference of the main file's blob by digest; of a list, the one whose digest is `shasum`. Must agree with `shasum`.
   */
  ghcr_blob?: string | string[] | null;
  /**
   * Titles of all files in the artifact.
   */
  ghcr_files?: string[] | null;
  /**
   * Size of all files, for people. Not used by `pkg`, so never a reason to refuse the entry.
   */
  ghcr_size?: unknown;
  /**
   * Bytes of all files.
   */
  ghcr_size_raw?: number | string | null;
  /**
   * Web page of the artifact. Not used by `pkg`, so never a reason to refuse the entry.
   */
  ghcr_url?: unknown;
  /**
   * Size of the main file, for people. Not used by `pkg`, so never a reason to refuse the entry.
   */
  size?: unknown;
  /**
   * Bytes of the main file.
   */
  size_raw?: number | string | null;
  /**
   * SHA-256 of the main file, lower-case hex.
   */
  shasum?: string | null;
  /**
   * BLAKE3 of the main file, lower-case hex.
   */
  bsum?: string | null;
  /**
   * Programs and links: `a` (a program), `a==b` (kept under both names), `a=>b` (linked as `b` only), `a:b` (alias), `@a` (extra program). May list programs that the artifact does not carry.
   */
  provides?: string[] | null;
  /**
   * Older tags that can still be pulled, each as `tag[version]` or `tag`.
   */
  snapshots?: string[] | null;
  /**
   * Addresses of the project.
   */
  homepage?: string | string[] | null;
  /**
   * Addresses of the source code.
   */
  src_url?: string | string[] | null;
  /**
   * Licences, by SPDX name where there is one.
   */
  license?: string | string[] | null;
  /**
   * Maintainers of the package, each as `Name (contact)`.
   */
  maintainer?: string | string[] | null;
  /**
   * Notes for people who install the package.
   */
  note?: string | string[] | null;
  /**
   * Desktop categories.
   */
  category?: string | string[] | null;
  /**
   * Words that searches find the package by.
   */
  tag?: string | string[] | null;
  /**
   * Values of `pkg_id` that this package replaces.
   */
  replaces?: string | string[] | null;
  /**
   * Names of the project at Repology. Not used by `pkg`, so never a reason to refuse the entry.
   */
  repology?: unknown;
  /**
   * Rank by popularity, 1 first.
   */
  rank?: number | string | null;
  /**
   * Downloads so far.
   */
  download_count?: number | string | null;
  /**
   * Downloads in the last week. Not used by `pkg`, so never a reason to refuse the entry.
   */
  download_count_week?: unknown;
  /**
   * Downloads in the last month. Not used by `pkg`, so never a reason to refuse the entry.
   */
  download_count_month?: unknown;
  /**
   * `true`: no longer maintained; still installable.
   */
  deprecated?: true | false | "true" | "false" | null;
  /**
   * `false`: listed, but cannot be installed.
   */
  installable?: true | false | "true" | "false" | null;
  /**
   * When it was built, ISO 8601.
   */
  build_date?: string | null;
  /**
   * Id of the build. Not used by `pkg`, so never a reason to refuse the entry.
   */
  build_id?: unknown;
  /**
   * Address of the build's run. Not used by `pkg`, so never a reason to refuse the entry.
   */
  build_gha?: unknown;
  /**
   * Address of the build's log. Not used by `pkg`, so never a reason to refuse the entry.
   */
  build_log?: unknown;
  /**
   * Address of the recipe. Not used by `pkg`, so never a reason to refuse the entry.
   */
  build_script?: unknown;
  /**
   * Id of the desktop application. Not used by `pkg`, so never a reason to refuse the entry.
   */
  app_id?: unknown;
  /**
   * Address of the AppStream file. Not used by `pkg`, so never a reason to refuse the entry.
   */
  appstream?: unknown;
  /**
   * Whether it is a bundle of several programs. Not used by `pkg`, so never a reason to refuse the entry.
   */
  bundle?: unknown;
  /**
   * Address of the desktop file. Not used by `pkg`, so never a reason to refuse the entry.
   */
  desktop?: unknown;
  /**
   * Whether it integrates with a desktop. Not used by `pkg`, so never a reason to refuse the entry.
   */
  desktop_integration?: unknown;
  /**
   * Address of the main file over the web. Not used by `pkg`, so never a reason to refuse the entry.
   */
  download_url?: unknown;
  /**
   * Whether it was built elsewhere. Not used by `pkg`, so never a reason to refuse the entry.
   */
  external?: unknown;
  /**
   * Address of the icon. Not used by `pkg`, so never a reason to refuse the entry.
   */
  icon?: unknown;
  /**
   * Address of the manifest over the web. Not used by `pkg`, so never a reason to refuse the entry.
   */
  manifest_url?: unknown;
  /**
   * Web page of the package. Not used by `pkg`, so never a reason to refuse the entry.
   */
  pkg_webpage?: unknown;
  /**
   * Whether it keeps its data next to itself. Not used by `pkg`, so never a reason to refuse the entry.
   */
  portable?: unknown;
  /**
   * Whether what it provides is provided in turn. Not used by `pkg`, so never a reason to refuse the entry.
   */
  recurse_provides?: unknown;
  /**
   * Whether the index's maintainers trust it. Not used by `pkg`, so never a reason to refuse the entry.
   */
  trusted?: unknown;
}

/**
 * An entry of a third-generation index, `{"format":1,"packages":[…]}`: the program is fetched from an address, not from a registry.
 */
export interface G3Entry {
  /**
   * Name of the recipe, if it differs from `pkg_name`.
   */
  pkg?: string;
  /**
   * Name the package is installed as.
   */
  pkg_name: string;
  /**
   * Family the package belongs to.
   */
  pkg_family?: string | null;
  /**
   * Identity of the package, where several share a name.
   */
  pkg_id?: string | null;
  /**
   * Kind of program, e.g. `static`, `archive`, `appimage`.
   */
  pkg_type?: string | null;
  /**
   * Version of the package. Several entries of one name may differ in it.
   */
  version: string;
  /**
   * Platform that the program runs on; compared case-insensitively.
   */
  host?: string | null;
  /**
   * When it was released, ISO 8601.
   */
  date?: string | null;
  /**
   * What the program does, in a sentence.
   */
  description?: string | null;
  /**
   * Where the artifact is: http or https.
   */
  download_url: string;
  /**
   * Bytes of the artifact.
   */
  size?: number | string | null;
  /**
   * SHA-256 of the artifact, lower-case hex.
   */
  shasum?: string | null;
  /**
   * BLAKE3 of the artifact, lower-case hex.
   */
  bsum?: string | null;
  /**
   * Programs and links, as in the older formats.
   */
  provides?: string[] | null;
  /**
   * Addresses of the project.
   */
  homepage?: string | string[] | null;
  /**
   * Addresses of the source code.
   */
  src_url?: string | string[] | null;
  /**
   * Licences, by SPDX name where there is one.
   */
  license?: string | string[] | null;
  /**
   * Maintainers of the package, each as `Name (contact)`.
   */
  maintainer?: string | string[] | null;
  /**
   * Notes for people who install the package.
   */
  note?: string | string[] | null;
  /**
   * Desktop categories.
   */
  category?: string | string[] | null;
  /**
   * Words that searches find the package by.
   */
  tag?: string | string[] | null;
  /**
   * Values of `pkg_id` that this package replaces.
   */
  replaces?: string | string[] | null;
  /**
   * Names of the project at Repology. Not used by `pkg`, so never a reason to refuse the entry.
   */
  repology?: unknown;
  /**
   * Rank by popularity, 1 first.
   */
  rank?: number | string | null;
  /**
   * Downloads so far.
   */
  download_count?: number | string | null;
  /**
   * `true`: the entry is withdrawn and cannot be installed.
   */
  _disabled?: true | false | "true" | "false" | null;
  /**
   * `true`: no longer maintained; still installable.
   */
  deprecated?: true | false | "true" | "false" | null;
  /**
   * `false`: listed, but cannot be installed.
   */
  installable?: true | false | "true" | "false" | null;
  /**
   * Further files to fetch: `url`, `to`, `blake3`, `sha256`. Not used by `pkg`, so never a reason to refuse the entry.
   */
  extra?: unknown;
  /**
   * What to take from the artifact and where to put it.
   */
  files?: G3File[] | null;
}
export interface G3File {
  /**
   * Path inside the artifact; empty or absent: the artifact itself.
   */
  source?: string | null;
  /**
   * Where it belongs, relative, in FHS form: `bin/x`, `share/man/man1/x.1`; no `.` or `..` segment.
   */
  to: string;
  /**
   * Further names for it.
   */
  alias?: string | string[] | null;
}

/**
 * A package for one platform: an entry of a package index of the first version, and the file `PROGRAM.json` inside the package. The fields have the names of G1; booleans and numbers are not written as text.
 */
export interface V1Entry {
  /**
   * `true`: the entry is withdrawn and cannot be installed.
   */
  _disabled?: boolean;
  /**
   * Name of the recipe, e.g. `7z.static`; used as `pkg_name` when that is missing.
   */
  pkg: string;
  /**
   * Name the package is installed as, e.g. `7z`.
   */
  pkg_name: string;
  /**
   * Family the package belongs to, e.g. `curl`; typed as `family/name`.
   */
  pkg_family?: string;
  /**
   * Identity of the package, e.g. `github.com.ip7z.7zip`; with name, version and type it identifies an entry.
   */
  pkg_id: string;
  /**
   * Kind of program: `static` (needs no library), `dynamic`, `script`, `archive` (a directory as `tar.zst`).
   */
  pkg_type: "static" | "dynamic" | "script" | "archive";
  /**
   * Version of the package: semver, a date, `HEAD-<commit>-<time>` or anything else. Case matters.
   */
  version: string;
  /**
   * Platform that the program runs on, e.g. `x86_64-linux`.
   */
  host: string;
  /**
   * The C library that the program needs; `static`: none. Absent when it does not matter.
   */
  libc?: "glibc" | "musl" | "static";
  /**
   * What the program does, in a sentence.
   */
  description?: string | null;
  /**
   * Reference of the manifest for this platform, by tag, e.g. `ghcr.io/me/tools/trurl:8.14.1-x86_64-linux`.
   */
  ghcr_pkg: string;
  /**
   * Reference of the main file's blob by digest. Its digest is `shasum`.
   */
  ghcr_blob: string;
  /**
   * Titles of all files in the artifact.
   */
  ghcr_files?: string[];
  /**
   * Bytes of all files.
   */
  ghcr_size_raw?: number;
  /**
   * Digest of the manifest that `ghcr_pkg` names: a tag may move, this does not. Only in an index, because a file cannot hold the digest of the manifest that names it.
   */
  manifest_digest?: string;
  /**
   * Bytes of the main file.
   */
  size_raw: number;
  /**
   * SHA-256 of the main file, lower-case hex.
   */
  shasum: string;
  /**
   * BLAKE3 of the main file, lower-case hex.
   */
  bsum: string;
  /**
   * Programs and links: `a` (a program), `a==b` (kept under both names), `a=>b` (linked as `b` only), `a:b` (alias), `@a` (extra program).
   */
  provides: string[];
  /**
   * Addresses of the project.
   */
  homepage?: string[];
  /**
   * Addresses of the source code.
   */
  src_url?: string[];
  /**
   * Licences, each an SPDX expression.
   */
  license?: string[];
  /**
   * Maintainers of the package, each as `Name (contact)`.
   */
  maintainer?: string[];
  /**
   * Notes for people who install the package.
   */
  note?: string[];
  /**
   * Desktop categories.
   */
  category?: string[];
  /**
   * Words that searches find the package by.
   */
  tag?: string[];
  /**
   * Values of `pkg_id` that this package replaces.
   */
  replaces?: string[];
  /**
   * `true`: no longer maintained; still installable.
   */
  deprecated?: boolean;
  /**
   * `false`: listed, but cannot be installed.
   */
  installable?: boolean;
  /**
   * When it was built.
   */
  build_date?: string;
  /**
   * Rank by popularity, 1 first.
   */
  rank?: number;
  /**
   * Downloads so far.
   */
  download_count?: number;
}

/**
 * The header of a package index of the first version. `packages` comes last; each of its entries is checked separately, against `package.schema.json`. The document is signed: the file at its address with `.sig` added holds minisign signatures of the bytes as they are served, one after the other, at least as many as the key set requires.
 */
export interface V1Header {
  /**
   * The format's version.
   */
  format: 1;
  /**
   * What the index calls itself, e.g. `ghcr.io/me/index`. It is pinned: an index of another name is never accepted in its place.
   */
  repository: string;
  /**
   * Goes up with every index that is issued. An index with a lower serial than one seen before is refused.
   */
  serial: number;
  /**
   * When it was issued.
   */
  issued: string;
  /**
   * When it stops being valid, so that nobody can serve an old index for ever.
   */
  expires: string;
  /**
   * Who may sign the index: every key set so far, the one in force last. A set is signed by as many keys as the one before it requires, and by as many as it requires itself.
   *
   * @minItems 1
   */
  key_sets: [KeySetTable, ...KeySetTable[]];
}
/**
 * One key set.
 */
export interface KeySetTable {
  /**
   * 1 for the first set, then one more for each.
   */
  version: number;
  /**
   * How many of the keys must have signed the index.
   */
  threshold: number;
  /**
   * minisign public keys, the base64 line of each alone.
   *
   * @minItems 1
   *
   * Items: A minisign public key: the base64 line alone.
   */
  keys: [string, ...string[]];
  /**
   * minisign signatures of the set's text, four lines each. The first set needs only those of its own keys.
   */
  signatures: string[];
}

export declare const validateG1: Validator<G1Entry>;
export declare const validateG2: Validator<G2Entry>;
export declare const validateG3: Validator<G3Entry>;
export declare const validatePackage: Validator<V1Entry>;
export declare const validateIndexHeader: Validator<V1Header>;
