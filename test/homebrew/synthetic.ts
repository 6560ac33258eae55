import { createHash } from "node:crypto";
import type { SampleFormula } from "./sample-formula.ts";

const WORDS = ["archive", "stream", "editor", "network", "parser", "graph", "terminal", "shell", "matrix", "signal"];

/**
 * Formulae as many and as large as there really are: 8,400 of them make an internal index of about 15 MB. Each needs some of
 * those before it.
 */
export function manyFormulae(count: number): readonly SampleFormula[] {
  return Array.from({ length: count }, (_, index) => {
    const name = nameAt(index);
    return {
      name,
      version: `${index % 9}.${index % 23}.${index % 7}`,
      revision: index % 3,
      description: `A ${wordAt(index, 7)} ${wordAt(index, 3)} for the ${wordAt(index, 1)} of the ${wordAt(index, 9)}`,
      homepage: `https://${name}.example.org/`,
      license: index % 2 === 0 ? "MIT" : "GPL-3.0-or-later",
      dependencies: [2, 3, 5].flatMap((step) => (index < step * 3 ? [] : [nameAt(Math.floor(index / step))])),
      buildDependencies: index < 20 ? [] : [nameAt(index % 19)],
      executables: Array.from({ length: 1 + (index % 4) }, (_, which) => `${name}-${which}`),
      aliases: index % 10 === 0 ? [`${name}-alias`] : [],
      cellar: index % 2 === 0 ? ":any" : ":any_skip_relocation",
      sha256: createHash("sha256").update(name).digest("hex"),
      raw: {
        ruby_source_path: `Formula/${name[0]}/${name}.rb`,
        ruby_source_checksum: createHash("sha256").update(`${name}.rb`).digest("hex"),
        stable_url_args: [`https://${name}.example.org/releases/${name}-${index}.tar.gz`, {}],
        stable_checksum: createHash("sha256").update(`${name}.tar`).digest("hex"),
        filler: `${name} `.repeat(40),
      },
    };
  });
}

/** One formula, `deep-0`, that needs all the others. */
export function deepClosure(count: number): readonly SampleFormula[] {
  const at = (index: number) => (index < count ? [`deep-${index}`] : []);
  return Array.from({ length: count }, (_, index) => ({
    name: `deep-${index}`,
    version: "1.0",
    dependencies: [...at(2 * index + 1), ...at(2 * index + 2)],
    sha256: createHash("sha256").update(`deep-${index}`).digest("hex"),
  }));
}

/** Formulae each of which needs the next, and the last one the first, `ring-0`. */
export function ring(count: number): readonly SampleFormula[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `ring-${index}`,
    version: "1.0",
    dependencies: [`ring-${(index + 1) % count}`],
    sha256: createHash("sha256").update(`ring-${index}`).digest("hex"),
  }));
}

function nameAt(index: number): string {
  return `${wordAt(index, 1)}-${wordAt(index, 3)}-${index}`;
}

function wordAt(index: number, step: number): string {
  return WORDS[(index * step + (index >> 3)) % WORDS.length] ?? "";
}
