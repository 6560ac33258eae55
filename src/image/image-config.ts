import { asObject, parseJson } from "../base/json.ts";
import { PkgError } from "../errors.ts";
import { type Digest, isDigest } from "../oci/digest.ts";

/** What an image says about the program that it runs. */
export interface ImageConfig {
  /** As the OCI image-spec names them; null when the config does not say. */
  readonly architecture: string | null;
  readonly os: string | null;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** Absolute; the directories in which a program without a slash is looked for. */
  readonly path: readonly string[];
  /** Absolute; the directories in which libraries are looked for first. */
  readonly libraryPath: readonly string[];
  /** Absolute. */
  readonly workingDirectory: string;
  readonly labels: ReadonlyMap<string, string>;
  /** The digest of each unpacked layer, the lowest first. */
  readonly diffIds: readonly Digest[];
}

/** What a container has when its image does not say. */
const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Nobody needs more, and each costs a look into every layer. */
const MOST_DIRECTORIES = 64;

/**
 * Reads the config of an image.
 *
 * @throws {PkgError} MANIFEST_INVALID when it is no such document, or names no layers
 * @see OCI image-spec 1.1, config.md
 */
export function readImageConfig(bytes: Uint8Array): ImageConfig {
  const document = asObject(parseJson(bytes, (cause) => invalid("it is not JSON", cause)));
  const diffIds = asObject(document?.["rootfs"])?.["diff_ids"];
  if (!Array.isArray(diffIds) || !diffIds.every((id) => typeof id === "string" && isDigest(id))) {
    throw invalid('its "rootfs.diff_ids" is not a list of digests');
  }
  const config = asObject(document?.["config"]);
  return {
    architecture: text(document?.["architecture"]),
    os: text(document?.["os"]),
    entrypoint: wordsOf(config?.["Entrypoint"]),
    cmd: wordsOf(config?.["Cmd"]),
    path: directoriesIn(texts(config?.["Env"]), "PATH", DEFAULT_PATH),
    libraryPath: directoriesIn(texts(config?.["Env"]), "LD_LIBRARY_PATH", ""),
    workingDirectory: text(config?.["WorkingDir"]) ?? "/",
    labels: labelsOf(config?.["Labels"]),
    diffIds,
  };
}

/** The last variable of a name counts, as it does for a process. */
function directoriesIn(variables: readonly string[], name: string, otherwise: string): readonly string[] {
  const written = variables.findLast((variable) => variable.startsWith(`${name}=`))?.slice(name.length + 1);
  const directories = (written ?? otherwise).split(":").filter((directory) => directory.startsWith("/"));
  return directories.slice(0, MOST_DIRECTORIES);
}

function labelsOf(value: unknown): ReadonlyMap<string, string> {
  const entries = Object.entries(asObject(value) ?? {});
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Old tools wrote a single word as it is; an empty first word stands for nothing, as whoever starts a container has it. */
function wordsOf(value: unknown): readonly string[] {
  const words = typeof value === "string" ? [value] : texts(value);
  return words[0] === "" ? [] : words;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function invalid(reason: string, cause?: unknown): PkgError {
  return new PkgError("MANIFEST_INVALID", `Cannot read the image's config: ${reason}`, { cause });
}
