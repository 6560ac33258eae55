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
 * The file `config.toml`. Every key is optional; an unknown key is an error.
 */
export interface ConfigFile {
  /**
   * Packages fetched at a time; unless it is 1, three times as many of those whose file has at most 4 MiB.
   */
  concurrency?: number;
  /**
   * Age after which an index counts as stale: a number and `s`, `m`, `h` or `d`, such as "6h"; or "never".
   */
  sync_interval?: string;
  /**
   * How long what was changed can be undone, and what that needs stays: a number and `s`, `m`, `h` or `d`, such as "30d"; or "never" to clean none of it.
   */
  keep?: string;
  /**
   * How many former versions of an installed package stay, however old they are.
   */
  keep_versions?: number;
  /**
   * Absolute path of the directory that programs are linked into, such as "/opt/bin" or "~/bin".
   */
  bin_dir?: string;
  share?: ShareTable;
  self?: SelfTable;
  /**
   * Settings of packages by the names that they are installed under.
   */
  packages?: {
    [k: string]: PackageTable;
  };
  /**
   * Package indexes by name. Single keys of a built-in one can be overridden.
   */
  repositories?: {
    [k: string]: RepositoryTable;
  };
  /**
   * Settings of OCI registries by host and port.
   */
  registries?: {
    [k: string]: RegistryTable;
  };
}
/**
 * What of packages is linked where the system looks for it, in the user's data directory: `~/.local/share`, or `share` in the directory of `--home`. It counts from the next time that a package is installed, updated or reinstalled.
 */
export interface ShareTable {
  /**
   * `false`: man pages are not linked.
   */
  man?: boolean;
  /**
   * `false`: completions for bash, zsh and fish are not linked.
   */
  completions?: boolean;
  /**
   * `false`: desktop entries and their icons are not linked.
   */
  desktop?: boolean;
}
/**
 * Where `pkg self update` takes the program itself from.
 */
export interface SelfTable {
  /**
   * Its package, such as "ghcr.io/OWNER/pkg".
   */
  from?: string;
  /**
   * The minisign public key that its releases are signed with.
   */
  key?: string;
}
/**
 * One package.
 */
export interface PackageTable {
  /**
   * `true`: an AppImage gets directories of its own for its home and its configuration, beside it. It counts from the next time that it is installed, updated or reinstalled.
   */
  portable?: boolean;
  /**
   * How many former versions of it stay, instead of what `keep_versions` says for all.
   */
  keep_versions?: number;
}
/**
 * One package index.
 */
export interface RepositoryTable {
  /**
   * What is at `url`: `index`, a document that lists packages (the default); or `homebrew`, Homebrew's formulae, whose packages are bottles.
   */
  kind?: "index" | "homebrew";
  /**
   * Address of the index: https, http, file, or oci for one in a registry (`oci://ghcr.io/me/index`, the tag `latest` unless it names one), in an OCI layout (`oci:/srv/layout`) or a tar of one (`oci-archive:/srv/layout.tar`); `{arch}` stands for the machine's architecture. For `kind = "homebrew"`, the address below which `internal/packages.TAG.jws.json` and `formula.jws.json` are.
   */
  url?: string;
  /**
   * A bundle that `pkg bundle create` made, which its index and packages are read from, as `pkg repo add FILE` sets it: the absolute path of the tar or directory, or a reference. What it does not have is fetched from the network.
   */
  bundle?: string;
  /**
   * minisign public keys, each the base64 line alone. Packages are signed by any of them, an index by as many as `threshold` says. An index that names its own keys is first trusted by these; from then on its keys count. For `kind = "homebrew"`: RSA keys, as SPKI in base64, each with the id that signatures name it by and a colon before it (`homebrew-2:MII…`); without these its id is `homebrew-1`. Without any keys, Homebrew's own counts.
   */
  keys?: string[];
  /**
   * How many of `keys` have to sign the index, by default 1. If the index itself requires more, that number counts.
   */
  threshold?: number;
  /**
   * Checks that every package of the repository must pass.
   */
  require?: ("digest" | "checksum" | "signature" | "provenance")[];
  provenance?: ProvenanceTable;
  /**
   * Absolute path of the directory that bottles are poured into, such as "~/.pkg"; for `kind = "homebrew"`. By default `brew` in the data directory if that path has at most 26 bytes, else `~/.pkg`. All repositories of this kind share one.
   */
  prefix?: string;
  /**
   * `false`: the repository is left out.
   */
  enabled?: boolean;
  /**
   * Accept signatures over the bytes themselves, not their BLAKE2b hash.
   */
  allow_legacy_signatures?: boolean;
  /**
   * The keys must have signed the index itself, at its address with `.sig` added; by default `true` if there are keys. `false`: those of an older form are taken unsigned, and the keys sign only its packages.
   */
  signed_index?: boolean;
}
/**
 * Who may build the packages: each must have a Sigstore bundle, attached to it in its registry, that proves it.
 */
export interface ProvenanceTable {
  /**
   * The workflow or the mail address that signs, as its certificate names it; one that ends in `/*` or `@*` matches every identity that begins with the text before the `*`.
   */
  identity: string;
  /**
   * The OpenID Connect issuer that vouches for it: "https://token.actions.githubusercontent.com" for GitHub Actions.
   */
  issuer: string;
  /**
   * Absolute path of the `trusted_root.json` of a Sigstore instance other than the public one.
   */
  trusted_root?: string;
}
/**
 * One registry.
 */
export interface RegistryTable {
  /**
   * Addresses asked in order before the registry itself, e.g. "http://127.0.0.1:5000".
   *
   * Items: An http or https address, such as "http://127.0.0.1:5000".
   */
  mirrors?: string[];
  /**
   * Never ask the registry itself: for closed networks.
   */
  mirror_only?: boolean;
  /**
   * Speak http, not https, to the registry.
   */
  plain_http?: boolean;
}

export declare const validateConfig: Validator<ConfigFile>;
