import { inPrefix, kegDirectory } from "../../src/package/place.ts";
import type { ChangeResult } from "../../src/profile/apply-changes.ts";
import { type Prepared, type ProfileHome, prepareDirectory, type SamplePackage, storeMembers } from "./profile-home.ts";

/** A bottle as it is to be placed. */
export interface SampleKeg {
  readonly name: string;
  readonly version: string;
  /** As of a directory: text that begins with `-> ` is a link. */
  readonly files: SamplePackage["files"];
  /** Paths of files that the prefix has links to, besides the one in `opt`. */
  readonly links?: readonly string[];
  /** Paths of files that the prefix has copies of. */
  readonly copies?: readonly string[];
  /** Names of programs that the bin directory has links to. */
  readonly programs?: readonly string[];
}

/** A keg that is to be poured somewhere. */
export interface DraftedKeg extends Prepared {
  readonly sample: SampleKeg;
}

/** Writes the blobs of a keg, and says that it is poured into the prefix of a home. */
export function pour(home: Pick<ProfileHome, "blobs" | "prefix">, { sample, verified, draft }: DraftedKeg): Prepared {
  storeMembers(home, { ...sample, links: {} });
  return { verified, draft: { ...draft, keg: { prefix: home.prefix, kegOnly: null, versionScheme: 0 } } };
}

/** Writes the blobs of a keg, and drafts its installation. */
export async function prepareKeg(home: Pick<ProfileHome, "blobs" | "prefix">, sample: SampleKeg): Promise<Prepared> {
  return pour(home, await draftKeg(sample));
}

/** Drafts the installation of a keg, wherever it will be. */
export async function draftKeg(sample: SampleKeg): Promise<DraftedKeg> {
  const { name, version, files, links = [], copies = [], programs = [] } = sample;
  const { verified, draft } = await prepareDirectory({ name, version, files, links: {} });
  return {
    sample,
    verified,
    draft: {
      ...draft,
      directory: kegDirectory(name, version),
      links: [
        ...programs.map((program) => ({ path: program, target: `bin/${program}`, kind: "link" as const })),
        { path: inPrefix(`opt/${name}`), target: ".", kind: "link" },
        ...links.map((path) => ({ path: inPrefix(path), target: path, kind: "link" as const })),
        ...copies.map((path) => ({ path: inPrefix(path), target: path, kind: "copy" as const })),
      ],
    },
  };
}

type Placed = ChangeResult & { readonly kind: "placed" };

/** Places kegs as one unit; throws the error that prevented it. */
export async function placeKegs(home: ProfileHome, ...samples: readonly SampleKeg[]): Promise<readonly Placed[]> {
  const prepared = await Promise.all(samples.map((sample) => prepareKeg(home, sample)));
  return placePrepared(home, prepared);
}

/** As placeKegs(), of what is prepared already. */
export function placePrepared({ profile }: ProfileHome, prepared: readonly Prepared[]): readonly Placed[] {
  const changes = prepared.map(({ verified, draft }) => ({ kind: "place" as const, verified, installation: draft }));
  return profile.apply(changes, { force: false }).map((result) => {
    if (result.kind === "failed") throw result.error;
    if (result.kind !== "placed") throw new Error("the keg was not placed");
    return result;
  });
}

/** Removes what is installed under these names, as one unit. */
export function removeKegs({ profile, installations }: ProfileHome, ...names: readonly string[]) {
  const changes = names.flatMap((name) => {
    const installation = installations.get(name);
    return installation === null ? [] : [{ kind: "remove" as const, installation }];
  });
  return profile.apply(changes, { force: false }).map((result) => {
    if (result.kind === "failed") throw result.error;
    return result;
  });
}
