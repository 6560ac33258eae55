import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { PkgError } from "../errors.ts";
import { addressKind, type Reach, reaches } from "./addresses.ts";

/** Resolves a name to every address it has; `dns.lookup` unless a test says otherwise. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** Asks the system's resolver. */
export const systemResolve: Resolve = (hostname, options, done) => {
  lookup(hostname, options, (error, addresses) => done(error, addresses ?? []));
};

/**
 * A lookup for sockets that yields only addresses within `reach`. As the socket connects to what the lookup gave it, a
 * name that resolves differently a moment later (DNS rebinding) gains nothing.
 *
 * The lookup fails with ADDRESS_FORBIDDEN when no address is left.
 */
export function checkedLookup(reach: Reach, resolve: Resolve): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, []);
      const allowed = addresses.filter(({ address }) => reaches(reach, addressKind(address)));
      const [first] = allowed;
      if (first === undefined) return done(forbidden(hostname, addresses), []);
      return options.all === true ? done(null, allowed) : done(null, first.address, first.family);
    });
  };
}

function forbidden(hostname: string, addresses: readonly LookupAddress[]): PkgError {
  const found = addresses.map(({ address }) => `"${address}" (${addressKind(address)})`).join(", ");
  return addressForbidden(hostname, found === "" ? "no address" : found);
}

/** Makes the ADDRESS_FORBIDDEN error. @param found the address, quoted, and what is known about it */
export function addressForbidden(host: string, found: string): PkgError {
  return new PkgError("ADDRESS_FORBIDDEN", `Cannot connect to "${host}": its address is ${found}`, {
    hint: "Private and loopback addresses must be named in the config as a repository, registry or mirror; link-local ones are never used",
  });
}
