import type { Signer } from "./minisign-signer.ts";

const ID_START = 2;
const ID_END = 10;

/** The same key under the id of another: the maker of a minisign key chooses its id, and nothing signs it. */
export function underIdOf(signer: Signer, other: Signer): Signer {
  const id = Buffer.from(other.publicKey, "base64").subarray(ID_START, ID_END);
  return {
    ...signer,
    keyId: other.keyId,
    publicKey: withId(signer.publicKey, id),
    sign: (content, fileName, options) => {
      const [untrusted, signature = "", ...rest] = signer.sign(content, fileName, options).toString().split("\n");
      return Buffer.from([untrusted, withId(signature, id), ...rest].join("\n"));
    },
  };
}

function withId(base64: string, id: Uint8Array): string {
  const bytes = Buffer.from(base64, "base64");
  bytes.set(id, ID_START);
  return bytes.toString("base64");
}

/** A key that verifies signatures nobody made: the point (0, 1) of order one. */
export function smallOrderKey({ publicKey }: Signer): string {
  const bytes = Buffer.from(publicKey, "base64");
  bytes.fill(0, ID_END);
  bytes[ID_END] = 1;
  return bytes.toString("base64");
}
