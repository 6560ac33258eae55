import { PkgError } from "../errors.ts";

const MAX_SECRET_BYTES = 64 * 1024;
const LOGIN = "pkg login REGISTRY --username NAME";

/**
 * Reads a secret from a stream to its end, without the line break that `echo` leaves.
 *
 * @param command for the hint of an error
 * @throws {PkgError} CREDENTIALS_INVALID when it is empty or too long
 */
export async function readSecret(stream: AsyncIterable<Uint8Array>, command = LOGIN): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MAX_SECRET_BYTES) throw unusable(`it has more than ${MAX_SECRET_BYTES} bytes`, command);
    chunks.push(chunk);
  }
  const secret = Buffer.concat(chunks)
    .toString("utf8")
    .replace(/(?:\r?\n|\r)$/, "");
  if (secret === "") throw unusable("it is empty", command);
  return secret;
}

function unusable(problem: string, command: string): PkgError {
  return new PkgError("CREDENTIALS_INVALID", `Cannot use the password on stdin: ${problem}`, {
    hint: `Pipe it in: \`printf %s "$TOKEN" | ${command} --password-stdin\``,
  });
}
