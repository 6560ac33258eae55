import type { Capabilities } from "../capabilities/capabilities.ts";
import { type Credential, normalizeLocation } from "../credentials/credentials.ts";
import type { CredentialPlace } from "../credentials/credentials-store.ts";
import { PkgError } from "../errors.ts";
import { parseRegistry } from "../oci/reference.ts";
import type { CheckAnswer } from "../registry-client/credentials-check.ts";

type LoginCapabilities = Pick<Capabilities, "credentials" | "emit" | "network" | "signal">;

/** Which credential to keep for which registry. */
export interface LoginRequest {
  /** As in references: `ghcr.io`, `localhost:5000`. */
  readonly registry: string;
  readonly credential: Credential;
  /** Keeps it even if the registry cannot tell whether it is right. */
  readonly unchecked: boolean;
  /** True: it is checked, and not kept. */
  readonly dryRun: boolean;
}

/** What was kept, and where. */
export interface LoginOutcome {
  readonly registry: string;
  readonly username: string | null;
  readonly place: CredentialPlace;
  /** False if the registry asks for no credentials, or accepts any, so that these could not be checked. */
  readonly checked: boolean;
}

/** The registry that was typed, to be checked before a password is asked for. @throws {PkgError} REFERENCE_INVALID */
export function registryToLogInTo(text: string): string {
  return parseRegistry(text);
}

/**
 * Checks a credential with its registry, then keeps it for every later command.
 *
 * @throws {PkgError} REFERENCE_INVALID; OFFLINE; HTTP_UNAUTHORIZED, HTTP_FORBIDDEN if the registry refuses it;
 * those of the network; CREDENTIALS_INVALID if it cannot be checked, unless `unchecked`, or cannot be kept; those of the
 * file system
 */
export async function login(cap: LoginCapabilities, request: LoginRequest): Promise<LoginOutcome> {
  const { credential } = request;
  // Docker Hub goes by several names.
  const registry = normalizeLocation(parseRegistry(request.registry));
  checkForm(registry, credential);
  const network = await cap.network();
  const purpose = { task: `log in to "${registry}"`, namedBy: "person" } as const;
  const answer = await network.checkCredential(registry, { ...purpose, credential, signal: cap.signal });
  const isChecked = answer === "accepted";
  if (!isChecked && !request.unchecked) await refuseUnproved(cap, registry, answer);
  if (!isChecked)
    cap.emit({ kind: "warning", message: `${unproved(registry, answer)}, so these could not be checked` });
  const store = await cap.credentials();
  const place = request.dryRun ? store.placeFor(registry) : await store.save(registry, credential, cap.signal);
  if (place.kind === "file" && !request.dryRun) {
    cap.emit({
      kind: "warning",
      message: `"${place.file}" keeps the credentials unencrypted; set "credsStore" there to use a credential helper`,
    });
  }
  const username = credential.kind === "basic" ? credential.username : null;
  return { registry, username, place, checked: isChecked };
}

/**
 * Keeps what is there from being replaced by what may be wrong. Where a registry asks nobody, there is nothing to prove a
 * credential to, so a first one is kept for what the registry may yet ask.
 */
async function refuseUnproved(cap: LoginCapabilities, registry: string, answer: CheckAnswer): Promise<void> {
  const kept = answer === "not-asked" ? await (await cap.credentials()).credentialsFor(registry, cap.signal) : null;
  if (answer === "not-asked" && kept === null) return;
  const problem = `${unproved(registry, answer)}, so these could not be checked; what was kept is unchanged`;
  throw new PkgError("CREDENTIALS_INVALID", `Cannot log in to "${registry}": ${problem}`, {
    hint: "Keep them all the same with --unchecked",
  });
}

function unproved(registry: string, answer: CheckAnswer): string {
  if (answer === "not-asked") return `"${registry}" does not ask for credentials`;
  if (answer === "elsewhere") return `"${registry}" sends requests on to another address, which gets no credentials`;
  return `"${registry}" accepts any credentials`;
}

/** Refuses what the Basic scheme cannot carry (RFC 7617, section 2). */
function checkForm(registry: string, credential: Credential): void {
  const secret = credential.kind === "basic" ? credential.password : credential.token;
  const name = credential.kind === "basic" ? credential.username : null;
  const wrong = (problem: string) =>
    new PkgError("CREDENTIALS_INVALID", `Cannot log in to "${registry}": ${problem}`, {
      hint: `Run \`pkg login ${registry} --username NAME --password-stdin\``,
    });
  if (secret === "") throw wrong("the password is empty");
  if (name === "") throw wrong("the user name is empty");
  if (name?.includes(":")) throw wrong('the user name has a ":"');
  if (/\p{Cc}/u.test(`${name ?? ""}${secret}`))
    throw wrong("the user name or the password has a line break or another control character");
}
