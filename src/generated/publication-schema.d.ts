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
 * The file `pkg.json`, which says what `pkg publish` publishes. An unknown key is an error.
 */
export interface PublishManifest {
  /**
   * Address of this schema, for editors.
   */
  $schema?: string;
  /**
   * Where it is published: registry and repository without a tag, e.g. `ghcr.io/me/tools/trurl`.
   */
  reference: string;
  /**
   * The name it is installed as; by default the last part of `reference`.
   */
  name?: string;
  /**
   * Its version, e.g. `8.14.1`. Once published, a version does not change.
   */
  version: string;
  /**
   * What the program does, in a sentence.
   */
  description?: string;
  /**
   * An SPDX expression, e.g. `MIT` or `Apache-2.0 OR MIT`.
   */
  license?: string;
  /**
   * Address of the project.
   */
  homepage?: string;
  /**
   * Address of the source code. On GitHub it links the package to its repository.
   */
  source?: string;
  /**
   * Address of the documentation.
   */
  documentation?: string;
  /**
   * Family it belongs to, e.g. `curl`; typed as `family/name`.
   */
  family?: string;
  /**
   * Identity of the package; by default `reference` with dots instead of slashes.
   */
  id?: string;
  /**
   * Each as `Name (contact)`.
   */
  maintainers?: string[];
  /**
   * Words that searches find it by.
   */
  keywords?: string[];
  /**
   * Desktop categories.
   */
  categories?: string[];
  /**
   * Notes for people who install it.
   */
  notes?: string[];
  /**
   * Ids of packages that this one replaces.
   */
  replaces?: string[];
  /**
   * Programs and links: `a`, `a==b` (both names), `a=>b` (only `b`), `a:b` (alias). By default the name itself, or all programs in `bin` for a directory.
   */
  provides?: string[];
  /**
   * The program, once for each platform: a file, or a directory with its programs in `bin`.
   *
   * @minItems 1
   */
  files: [PublishedFile, ...PublishedFile[]];
  /**
   * Further files for the package of every platform, e.g. `LICENSE`, relative to the directory of `pkg.json`.
   */
  documents?: string[];
}
/**
 * The program for one platform.
 */
export interface PublishedFile {
  /**
   * File or directory, relative to the directory of `pkg.json`.
   */
  path: string;
  /**
   * `os/architecture`, e.g. `linux/amd64`.
   */
  platform: string;
  /**
   * The C library that it needs; by default it is read from the program.
   */
  libc?: "glibc" | "musl" | "static";
}

export declare const validatePublish: Validator<PublishManifest>;
