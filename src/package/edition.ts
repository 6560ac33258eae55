import { compareAge } from "./version.ts";

/** A version, and of a bottle, the scheme that its number belongs to. */
export interface Edition {
  readonly version: string;
  readonly keg: { readonly versionScheme: number } | null;
}

/** Orders what may be installed of one package by age: a higher scheme is newer, whatever the versions say. */
export function compareEditions(a: Edition, b: Edition): number {
  return schemeOf(a) - schemeOf(b) || compareAge(a.version, b.version);
}

function schemeOf({ keg }: Edition): number {
  return keg?.versionScheme ?? 0;
}
