import type { TypedPublication } from "../../publish/read-publication.ts";

const TEXT = { type: "string", requiresArg: true } as const;
/** Each takes one word, and not those that follow it. */
const TEXTS = { ...TEXT, array: true, nargs: 1, default: [] as readonly string[] } as const;

/** Options for the content of a publication, for the commands that publish it or write its `pkg.json`. */
export const PUBLICATION_OPTIONS = {
  version: { ...TEXT, description: "The version, e.g. 8.14.1" },
  file: { ...TEXTS, description: "FILE[@os/arch[/libc]], also a directory with a bin; once per platform" },
  name: { ...TEXT, description: "What it is installed as; by default the reference's last word" },
  description: { ...TEXT, description: "What the program does, in a sentence" },
  license: { ...TEXT, description: "An SPDX expression, e.g. MIT" },
  homepage: { ...TEXT, description: "Address of the project" },
  source: { ...TEXT, description: "Address of the source code" },
  document: { ...TEXTS, description: "A further file to carry, e.g. LICENSE; may be repeated" },
  provide: { ...TEXTS, description: "A program or link: a, a==b, a=>b, a:b; may be repeated" },
  family: { ...TEXT, description: "The family it belongs to" },
  id: { ...TEXT, description: "Its identity; by default the reference with dots" },
} as const;

interface PublicationArguments {
  readonly reference: string | undefined;
  readonly version: string | undefined;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly license: string | undefined;
  readonly homepage: string | undefined;
  readonly source: string | undefined;
  readonly family: string | undefined;
  readonly id: string | undefined;
  readonly file: readonly string[];
  readonly document: readonly string[];
  readonly provide: readonly string[];
}

/** The parts of a publication that were typed. */
export function typedPublication(args: PublicationArguments): TypedPublication {
  return {
    reference: args.reference ?? null,
    name: args.name ?? null,
    version: args.version ?? null,
    license: args.license ?? null,
    description: args.description ?? null,
    homepage: args.homepage ?? null,
    source: args.source ?? null,
    family: args.family ?? null,
    id: args.id ?? null,
    files: args.file,
    documents: args.document,
    provides: args.provide,
  };
}
