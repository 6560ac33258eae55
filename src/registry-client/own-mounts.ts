import { PkgError } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import { repositoryPath } from "./endpoints.ts";
import type { RequestSender } from "./request-sender.ts";
import type { UploadPlace } from "./upload-place.ts";
import { startUpload } from "./upload-session.ts";

/** So many blobs in a row that a repository lacks make it likely that it lacks the next one too. */
const MANY_ABSENT = 4;

/** What pushing blobs has shown of one repository. */
interface Seen {
  /** A blob that is there. */
  present: Digest | null;
  /** How many were absent in a row. */
  absent: number;
}

type Repository = Pick<UploadPlace, "endpoint" | "reference">;

/**
 * Where blobs are pushed with two requests each, not three: to mount a blob from the repository that it is pushed to says whether it is
 * there, and begins its upload if it is not. A registry that does not mount would be sent again what it has, so this is done only
 * for one that has mounted a blob that is known to be there, and only while blobs are absent.
 *
 * @see OCI distribution-spec 1.1, "Mounting a blob from another repository"
 */
export class OwnMounts {
  readonly #seen = new Map<string, Seen>();
  /** By endpoint. */
  readonly #registries = new Map<string, Promise<boolean>>();

  /** To be told of each blob that was pushed. */
  note(place: UploadPlace, found: "present" | "absent"): void {
    const seen = this.#of(place);
    seen.present = place.digest;
    seen.absent = found === "absent" ? seen.absent + 1 : 0;
  }

  /** To be told when a mount was not what it seemed. */
  distrust({ endpoint }: Repository): void {
    this.#registries.set(endpoint.base.href, Promise.resolve(false));
  }

  /** Whether the next blob is to be mounted from the repository that it is pushed to. */
  async isDue(sender: RequestSender, place: Repository, signal: AbortSignal): Promise<boolean> {
    const { present, absent } = this.#of(place);
    if (present === null || absent < MANY_ABSENT) return false;
    const { href } = place.endpoint.base;
    const known = this.#registries.get(href) ?? this.#ask(sender, { ...place, digest: present }, signal);
    this.#registries.set(href, known);
    return known;
  }

  /** False after a failure, which says nothing of the registry: whoever pushes next meets it, or asks again. */
  async #ask(sender: RequestSender, place: UploadPlace, signal: AbortSignal): Promise<boolean> {
    try {
      return await mounts(sender, place, signal);
    } catch (error) {
      if (!(error instanceof PkgError)) throw error;
      this.#registries.delete(place.endpoint.base.href);
      return false;
    }
  }

  #of({ endpoint, reference }: Repository): Seen {
    const key = `${endpoint.base.href} ${repositoryPath(reference)}`;
    const seen = this.#seen.get(key) ?? { present: null, absent: 0 };
    this.#seen.set(key, seen);
    return seen;
  }
}

/** Whether the registry mounts a blob that is in the repository from there. */
async function mounts(sender: RequestSender, place: UploadPlace, signal: AbortSignal): Promise<boolean> {
  const started = await startUpload(sender, place, { mountFrom: place.reference.name, signal });
  if (started.kind === "refused") await started.response.discard();
  if (started.kind === "session") await started.session.cancel();
  return started.kind === "mounted";
}
