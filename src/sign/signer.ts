/** A secret key that is unlocked and ready to sign. */
export interface Signer {
  /** 16 hex characters, upper case, as minisign prints it. */
  readonly keyId: string;
  /** The minisign public key: the base64 line alone. */
  readonly publicKey: string;
  /** Signs content by its hash, in minisign's prehashed form. The same content and names give the same bytes. */
  sign(content: ContentToSign): Buffer;
}

/** What is to be signed, by its hash. */
export interface ContentToSign {
  /** Hex of the whole content. */
  readonly blake2b512: string;
  /** Goes into the trusted comment as `file:NAME`, so that the signature is valid for this file name only. */
  readonly fileName: string;
  /** Seconds since the epoch, for the trusted comment; null: none, so that the signature does not depend on the time. */
  readonly timestamp: number | null;
}
