/** The package of released programs, as `registry/name`; null: this build is of no release. `[self] from` says otherwise. */
export const SELF_REFERENCE: string | null = null;

/** The minisign public key that releases are signed with; null: none yet, so one has to be given. `[self] key` says otherwise. */
export const SELF_KEY: string | null = null;
