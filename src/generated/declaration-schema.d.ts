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
 * A version, a range such as "^8", or "*" for the newest; or a table.
 */
export type DeclaredPackage =
  | string
  | {
      /**
       * A version, the beginning of one, a range, or "*" for the newest.
       */
      version?: string;
      /**
       * The repository that it is from.
       */
      repository?: string;
      /**
       * The same, as soar writes it.
       */
      repo?: string;
      /**
       * Its id, where several packages have its name.
       */
      id?: string;
      /**
       * The same, as soar writes it.
       */
      pkg_id?: string;
      /**
       * Its family, where several packages have its name.
       */
      family?: string;
      /**
       * Its name in its repository, where it is installed under another one.
       */
      package?: string;
      /**
       * Where it lies, instead of a repository: a reference such as "ghcr.io/me/tools/trurl:8", or an OCI layout. A path begins at the directory of the file.
       */
      reference?: string;
      /**
       * The publisher's minisign public key, for a reference.
       */
      key?: string;
      /**
       * Programs of a container image, by name or path.
       */
      programs?: string[];
      /**
       * Of a container image, whether its dynamic linker and libraries are placed beside the program.
       */
      with_libraries?: boolean;
      /**
       * The platforms that it is wanted on, such as "linux/amd64"; without it, all.
       *
       * @minItems 1
       */
      platforms?: [string, ...string[]];
      /**
       * The profile that it is for; without it, that of the file.
       */
      profile?: string;
      /**
       * Whether `pkg update` leaves it as it is.
       */
      pinned?: boolean;
      /**
       * Keys of soar that are not read. A package that names its source by one of them cannot be had, which is said.
       *
       * This interface was referenced by `undefined`'s JSON-Schema definition
       * via the `patternProperty` "^(?:url|github|gitlab|asset_pattern|include_prerelease|tag_pattern|version_command|pkg_type|entrypoint|binaries|nested_extract|extract_root|hooks|build|sandbox|portable|install_patterns|binary_only|update)$".
       */
      [k: string]: unknown;
    };

/**
 * The file `packages.toml`, which `pkg apply` makes the profile match. Every key is optional; an unknown key is an error.
 */
export interface PackagesFile {
  /**
   * The profile that the file is for; without it, the one in use.
   */
  profile?: string;
  /**
   * The platforms that `pkg lock` writes the lock file for, such as "linux/amd64" or "aarch64-linux"; without it, that of the machine.
   *
   * @minItems 1
   */
  platforms?: [string, ...string[]];
  defaults?: DefaultsTable;
  /**
   * The repositories that the packages are from, by name. They have to be configured so: the file adds none and trusts none.
   */
  repositories?: {
    [k: string]: DeclaredRepository;
  };
  /**
   * What is wanted, by name: a version, a range, or "*" for the newest; or a table.
   */
  packages?: {
    [k: string]: DeclaredPackage;
  };
}
/**
 * What holds for every package that does not say otherwise, as soar writes it.
 */
export interface DefaultsTable {
  /**
   * As `profile` above.
   */
  profile?: string;
  /**
   * Of soar; it has no meaning here.
   */
  binary_only?: boolean;
  /**
   * Of soar; it has no meaning here.
   */
  install_patterns?: string[];
}
/**
 * One repository.
 */
export interface DeclaredRepository {
  /**
   * The address of its index, as in `config.toml`.
   */
  url: string;
}

export declare const validatePackages: Validator<PackagesFile>;
