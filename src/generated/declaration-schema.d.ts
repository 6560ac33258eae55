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

/**
 * The file `packages.lock`, which `pkg lock` writes and `pkg apply --locked` installs: TOML, its packages sorted by name and platform, the same for the same content.
 */
export interface LockFile {
  /**
   * The version of this format.
   */
  version: 1;
  /**
   * What is locked.
   */
  package?: LockedPackage[];
}
/**
 * One package, for one platform.
 */
export interface LockedPackage {
  /**
   * What it is installed as.
   */
  name: string;
  /**
   * The machine that it is for, such as `x86_64-linux`.
   */
  platform: string;
  /**
   * Its version.
   */
  version: string;
  /**
   * What `packages.toml` says, as `install` takes it; absent for what others need.
   */
  requested?: string;
  /**
   * Its name in its repository, where it is installed under another one.
   */
  package?: string;
  /**
   * True where `packages.toml` pins it.
   */
  pinned?: true;
  /**
   * The repository of the config that it is from, whose policy holds for it; absent for a reference.
   */
  repository?: string;
  /**
   * The serial of the index that named it; absent where that has none.
   */
  serial?: number;
  /**
   * Its id, or the place of a reference; may be empty.
   */
  id: string;
  /**
   * Its family.
   */
  family?: string;
  /**
   * Its type.
   */
  type?: string;
  /**
   * Where its bytes are: a package in a registry or layout, an image there, a bottle there, or one file at an address.
   */
  kind: "artifact" | "image" | "bottle" | "download";
  /**
   * The place with the digest of its manifest, or the address of the file.
   */
  location: string;
  /**
   * The digest of its manifest; absent where there is none.
   */
  manifest?: string;
  /**
   * What is placed, or the archives it is in; the main one first.
   */
  blobs: LockedBlob[];
  /**
   * True where the index names the main blob by its digest, so that it is fetched at once.
   */
  blob_known?: boolean;
  /**
   * BLAKE3 of the main file, lower-case hex.
   */
  blake3?: string;
  /**
   * The checks that it had to pass when it was locked; those that the config demands are made too.
   */
  require: ("digest" | "checksum" | "signature" | "facts" | "provenance")[];
  /**
   * The minisign public key that signed it: no other one is accepted.
   */
  signer?: string;
  built_by?: LockedBuilder;
  /**
   * The publisher's public key that was given for a reference.
   */
  key?: string;
  /**
   * The repository that its publisher signed it for.
   */
  signed_as?: string;
  /**
   * Names of the packages of the same platform that it needs.
   */
  dependencies?: string[];
  /**
   * Other names of it.
   */
  aliases?: string[];
  /**
   * Its programs, and the names that they are linked as.
   */
  provides?: LockedProgram[];
  /**
   * Titles of the files of the artifact, as the index has them.
   */
  files?: string[];
  /**
   * What is taken of an archive, and where it is placed.
   */
  mapped?: LockedFile[];
  /**
   * Of an image, the programs that are wanted.
   */
  programs?: string[];
  /**
   * Of an image, whether its libraries are placed too.
   */
  with_libraries?: boolean;
  /**
   * Of a bottle, what its formula says, as JSON.
   */
  keg?: string;
}
/**
 * One blob.
 */
export interface LockedBlob {
  /**
   * Its name.
   */
  title: string;
  /**
   * Its digest.
   */
  digest: string;
  /**
   * Bytes; absent where nobody says.
   */
  size?: number;
}
/**
 * Who had to have built it.
 */
export interface LockedBuilder {
  /**
   * As in `config.toml`.
   */
  identity: string;
  /**
   * As in `config.toml`.
   */
  issuer: string;
}
/**
 * One program.
 */
export interface LockedProgram {
  /**
   * The title of its file.
   */
  program: string;
  /**
   * Names in the bin directory.
   */
  links: string[];
}
/**
 * One file.
 */
export interface LockedFile {
  /**
   * Its path in the archive.
   */
  source: string;
  /**
   * Its path in the package.
   */
  to: string;
  /**
   * Further names.
   */
  aliases: string[];
}

export declare const validatePackages: Validator<PackagesFile>;
export declare const validateLock: Validator<LockFile>;
