import { ALLOW_STALE, INSECURE_SKIP } from "../command.ts";
import type { ValuesOf } from "../declaration.ts";

/** The options of the commands that run what is not installed. */
export const ENVIRONMENT_OPTIONS = {
  refresh: {
    type: "boolean",
    default: false,
    description: "Ask for newer versions first, as @latest does, and pass over what is installed",
  },
  key: {
    type: "string",
    requiresArg: true,
    description: "The publisher's minisign public key or its file, for references",
  },
  "with-libraries": {
    type: "boolean",
    default: false,
    description: "Of a container image, take its dynamic linker and libraries beside the program",
  },
  "allow-name": {
    type: "string",
    array: true,
    nargs: 1,
    default: [],
    description: "Let a package take a protected name, or hide a program on PATH; may be repeated",
  },
  "signed-as": {
    type: "string",
    array: true,
    nargs: 1,
    default: [],
    description: "The repository that a copied package was signed for; may be repeated",
  },
  ...INSECURE_SKIP,
  ...ALLOW_STALE,
} as const;

/** What was typed for these. */
export type EnvironmentArguments = ValuesOf<typeof ENVIRONMENT_OPTIONS>;

/** What decides, of what was typed, what is found: the key of a lookup. */
export function typedFor(specs: readonly string[], args: EnvironmentArguments, programs: readonly string[] = []) {
  const { key, "with-libraries": libraries, "allow-name": names, "signed-as": signedAs, "allow-stale": stale } = args;
  return [specs, programs, key ?? null, libraries, names, signedAs, args["insecure-skip"], stale];
}

/** False where each run has to find out anew what is meant: newer versions are asked for, or the words name files, which may have changed. */
export function mayBeFoundBefore(
  specs: readonly string[],
  { refresh }: Pick<EnvironmentArguments, "refresh">,
): boolean {
  return !refresh && !specs.some((spec) => isLatest(spec) || /^(?:\.{0,2}\/|oci(?:-archive)?:)/.test(spec));
}

/** True for a word that asks for the newest version. */
export function isLatest(spec: string): boolean {
  return /@latest$/i.test(spec);
}
