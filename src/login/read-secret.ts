import { PkgError } from "../errors.ts";

const MAX_SECRET_BYTES = 64 * 1024;

/**
 * Reads a secret from a stream to its end, without the line break that `echo` leaves.
 *
 * @throws {PkgError} CREDENTIALS_INVALID when it is empty or too long
 */
export async function readSecret(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MAX_SECRET_BYTES) throw unusable(`it has more than ${MAX_SECRET_BYTES} bytes`);
    chunks.push(chunk);
  }
  const secret = Buffer.concat(chunks)
    .toString("utf8")
    .replace(/(?:\r?\n|\r)$/, "");
  if (secret === "") throw unusable("it is empty");
  return secret;
}

function unusable(problem: string): PkgError {
  return new PkgError("CREDENTIALS_INVALID", `Cannot use the password on stdin: ${problem}`, {
    hint: 'Pipe it in: `printf %s "$TOKEN" | pkg login REGISTRY --username NAME --password-stdin`',
  });
}
