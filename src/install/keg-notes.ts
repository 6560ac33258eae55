import type { ObtainedPackage } from "../obtain/obtained-package.ts";
import type { Installation, InstalledLink } from "../package/installation.ts";
import type { InstalledKeg } from "../package/keg.ts";
import { programLinks, WHOLE_DIRECTORY } from "../package/place.ts";
import type { Resolution } from "../plan/resolution.ts";

/**
 * What to tell of a bottle once everything is placed, each in one line or several. Of what nobody asked for, only what it still needs.
 *
 * @param isNew whether it was not there before, in any version: caveats are told once
 * @param links those that it was placed with
 */
export function kegNotes(
  { resolution, keg }: ObtainedPackage,
  isNew: boolean,
  links: readonly InstalledLink[] = keg?.links ?? [],
): readonly string[] {
  if (keg === null || resolution.keg === null) return [];
  const { name, isDependency } = resolution;
  const { commands, undone, warnings } = keg.after;
  return [
    ...(isDependency ? [] : kegOnlyNote(name, { keg: keg.installed, links })),
    ...warnings.map((warning) => note(name, warning)),
    ...(commands.length === 0 ? [] : [note(name, "to finish setting it up, run", commands)]),
    ...(undone.length === 0 ? [] : [note(name, `not everything was set up; what was left out: ${undone.join(", ")}`)]),
    ...(isDependency || !isNew ? [] : askedNotes(resolution, keg.installed)),
  ];
}

/** The same of a bottle that was a dependency until now. */
export function markNotes({ resolution, installation }: Marked): readonly string[] {
  const { keg, links } = installation;
  if (keg === null || resolution.isDependency) return [];
  return [...kegOnlyNote(resolution.name, { keg, links }), ...askedNotes(resolution, keg)];
}

interface Marked {
  readonly resolution: Resolution;
  readonly installation: Pick<Installation, "keg" | "links">;
}

/** What concerns only who asked for it. */
function askedNotes({ name, keg }: Resolution, { prefix }: InstalledKeg): readonly string[] {
  const caveats = caveatLines(keg?.caveats ?? null, prefix);
  return [
    ...(keg?.hasService === true ? [note(name, "it has a service, which is not started")] : []),
    ...(caveats.length === 0 ? [] : [note(name, "caveats of its formula", caveats)]),
  ];
}

function note(name: string, message: string, more: readonly string[] = []): string {
  return [`${name}: ${message}`, ...more].join("\n");
}

function kegOnlyNote(name: string, { keg, links }: OptPlace): readonly string[] {
  if (keg.kegOnly === null || programLinks(links).length > 0) return [];
  const opt = links.find(({ target }) => target === WHOLE_DIRECTORY)?.path.replace("@prefix", keg.prefix) ?? keg.prefix;
  return [
    note(
      name,
      `it is keg-only (${keg.kegOnly}), so its programs have no links; they are in ${opt}/bin: \`pkg link ${name}\` links them`,
    ),
  ];
}

interface OptPlace {
  readonly keg: InstalledKeg;
  readonly links: readonly InstalledLink[];
}

/** In the caveats that Homebrew publishes, variables stand for its directories. */
export function caveatLines(caveats: string | null, prefix: string): readonly string[] {
  if (caveats === null) return [];
  const directories: Readonly<Record<string, string>> = {
    HOMEBREW_PREFIX: prefix,
    HOMEBREW_CELLAR: `${prefix}/Cellar`,
  };
  const text = caveats.replaceAll(/\$(HOMEBREW_(?:PREFIX|CELLAR))\b/g, (_, name: string) => directories[name] ?? "");
  return text.trimEnd().split("\n");
}
