import type { ImageWish } from "../package/image.ts";

/** One package that a file declares. */
export interface DeclaredPackage {
  /** As the file calls it; it is what the package is installed as, unless that is its reference. */
  readonly name: string;
  /** The word that `install` takes for it: `[family/]name[#id][@version][:repository]`, or a reference. */
  readonly spec: string;
  /** The version or range that is wanted; null: the newest, or what the reference says. */
  readonly version: string | null;
  /** Null: the first that has it, or none, for a reference. */
  readonly repository: string | null;
  /** The publisher's public key, for a reference; null: none. */
  readonly key: string | null;
  /** What is wanted of a container image; null: nothing is said. */
  readonly image: ImageWish | null;
  /** Its name in its repository, where that is another. */
  readonly packageName: string | null;
  /** The machines that it is wanted on, such as `x86_64-linux`; null: all. */
  readonly hosts: readonly string[] | null;
  /** Null: the one in use. */
  readonly profile: string | null;
  readonly isPinned: boolean;
  /** True for a line of a Brewfile: it is a formula. */
  readonly isFormula: boolean;
  /** Counted from 1; null where it is on no line of its own. */
  readonly line: number | null;
  /** Why it cannot be had as it is declared; null: nothing is known to be in the way. */
  readonly refusal: string | null;
}

/** Something in the file that means nothing here. */
export interface NotRead {
  readonly line: number | null;
  /** As it is written. */
  readonly text: string;
  readonly why: string;
}

/** What a file declares. */
export interface Declaration {
  readonly path: string;
  readonly text: string;
  readonly kind: "toml" | "brewfile";
  /** The profile that the whole file is for; null: the one in use. */
  readonly profile: string | null;
  /** The machines that it is locked for; empty: the file does not say. */
  readonly hosts: readonly string[];
  /** The addresses of its repositories, by name. */
  readonly repositories: ReadonlyMap<string, string>;
  /** In the order of the file. */
  readonly packages: readonly DeclaredPackage[];
  readonly notRead: readonly NotRead[];
}

/** What of a declaration is for one machine and one profile. */
export function declaredFor(
  { packages }: Declaration,
  { host, profile }: { readonly host: string; readonly profile: string },
): readonly DeclaredPackage[] {
  return packages.filter(
    (item) => (item.hosts?.includes(host) ?? true) && (item.profile === null || item.profile === profile),
  );
}
