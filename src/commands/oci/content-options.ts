import type { ArtifactInput } from "../../oci-tools/artifact-content.ts";
import { parseFile } from "../../oci-tools/artifact-words.ts";
import type { Context } from "../context.ts";

/** Options for the content of an artifact, for the commands that make one. */
export const CONTENT_OPTIONS = {
  annotation: {
    alias: "a",
    array: true,
    nargs: 1,
    requiresArg: true,
    default: [],
    description: "KEY=VALUE, of the manifest",
  },
  "annotation-file": { type: "string", requiresArg: true, description: 'JSON: {"$manifest", "$config", "FILE": {…}}' },
  "artifact-config": { type: "string", requiresArg: true, description: "FILE[:mediatype] as its config" },
  name: { type: "string", requiresArg: true, description: "The name of the one file, or of standard input" },
  compression: {
    choices: ["gzip", "zstd", "none"],
    requiresArg: true,
    default: "gzip",
    description: "How a directory's tar is compressed",
  },
  "disable-path-validation": { type: "boolean", default: false, description: "Keep absolute paths and .. as names" },
  "export-manifest": { type: "string", requiresArg: true, description: "Write the manifest to this file" },
  force: { type: "boolean", default: false, description: "Overwrite the file of --export-manifest" },
} as const;

/** How files are given on the command line. */
export const FILES = {
  array: true,
  type: "string",
  default: [],
  description: "FILE[:mediatype], also directories; - for standard input",
} as const;

/** True for `FILE:mediatype`, which other OCI tools take as `--config`, and which names no config file of `pkg`. */
export function hasMediaType(text: string): boolean {
  return parseFile(text).mediaType !== null;
}

interface ContentArguments {
  readonly files: readonly string[];
  readonly annotation: readonly (string | number)[];
  readonly "annotation-file": string | undefined;
  readonly "artifact-config": string | undefined;
  readonly name: string | undefined;
  readonly compression: ArtifactInput["compression"];
  readonly "disable-path-validation": boolean;
  readonly "export-manifest": string | undefined;
  readonly force: boolean;
}

/** The part of a request that those options set. */
export function contentRequest({ workingDirectory, stdin, dryRun }: Context, args: ContentArguments) {
  const { force, "export-manifest": path } = args;
  return {
    files: args.files,
    name: args.name ?? null,
    directory: workingDirectory,
    stdin,
    config: args["artifact-config"] ?? null,
    annotations: args.annotation.map(String),
    annotationFile: args["annotation-file"] ?? null,
    compression: args.compression,
    anyPath: args["disable-path-validation"],
    exportManifest: path === undefined ? null : { path, force, dryRun },
  };
}
