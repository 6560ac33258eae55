import { listSome } from "../base/lists.ts";
import { MACHINES } from "../base/machines.ts";
import { type ErrorCode, PkgError } from "../errors.ts";
import { parsePlatform } from "../oci/platform.ts";
import { hostName } from "../package/platform.ts";

/** The machines that packages can be installed on, as package indexes name them: `x86_64-linux`. */
const HOSTS: readonly string[] = MACHINES.flatMap(({ host, interpreters }) =>
  interpreters === null ? [] : [`${host}-linux`],
);

/**
 * The machine that a person means by a platform: `linux/amd64`, or `x86_64-linux`.
 *
 * @param code that of the error: what was typed, or is in a file
 * @throws {PkgError} with that code
 */
export function hostOfPlatform(text: string, code: ErrorCode = "USAGE"): string {
  const host = text.includes("/") ? hostName(parsePlatform(text)) : text.toLowerCase();
  if (HOSTS.includes(host)) return host;
  throw new PkgError(code, `Cannot use platform "${text}": expected one of ${listSome(HOSTS, HOSTS.length)}`, {
    hint: "linux/amd64, linux/arm64 and linux/riscv64 mean the same",
  });
}
