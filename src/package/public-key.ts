/** A public key that has been checked. */
export interface PublicKey {
  /** 16 hex characters, upper case. minisign prints the same, without leading zeros. */
  readonly keyId: string;
  /** The Ed25519 key: 32 bytes. */
  readonly bytes: Buffer;
  /** Base64 of algorithm, key id and key: 42 bytes. */
  readonly text: string;
}
