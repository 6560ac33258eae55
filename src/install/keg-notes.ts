import type { ObtainedPackage } from "../obtain/obtained-package.ts";

/**
 * What to tell of a bottle once everything is placed, each in one line or several. Of what nobody asked for, only what it still needs.
 *
 * @param isNew whether it was not there before, in any version: caveats are told once
 */
export function kegNotes({ resolution, keg }: ObtainedPackage, isNew: boolean): readonly string[] {
  if (keg === null || resolution.keg === null) return [];
  const { name, isDependency } = resolution;
  const { caveats, hasService } = resolution.keg;
  const { prefix } = keg.installed;
  const note = (message: string, more: readonly string[] = []) => [`${name}: ${message}`, ...more].join("\n");
  const { commands, undone, warnings } = keg.after;
  const asked = isDependency || !isNew ? [] : [caveatLines(caveats, prefix)].filter((lines) => lines.length > 0);
  return [
    ...(keg.installed.kegOnly === null || isDependency ? [] : [note(kegOnlyText(keg.installed.kegOnly, keg))]),
    ...warnings.map((warning) => note(warning)),
    ...(commands.length === 0 ? [] : [note("to finish setting it up, run", commands)]),
    ...(undone.length === 0 ? [] : [note(`not everything was set up; what was left out: ${undone.join(", ")}`)]),
    ...(hasService && !isDependency && isNew ? [note("it has a service, which is not started")] : []),
    ...asked.map((lines) => note("caveats of its formula", lines)),
  ];
}

function kegOnlyText(reason: string, { installed, links }: NonNullable<ObtainedPackage["keg"]>): string {
  const opt = links.find(({ target }) => target === ".")?.path.replace("@prefix", installed.prefix) ?? installed.prefix;
  return `it is keg-only (${reason}), so its programs have no links; they are in ${opt}/bin`;
}

/** Homebrew leaves its own directories open in what it publishes. */
export function caveatLines(caveats: string | null, prefix: string): readonly string[] {
  if (caveats === null) return [];
  const directories: Readonly<Record<string, string>> = {
    HOMEBREW_PREFIX: prefix,
    HOMEBREW_CELLAR: `${prefix}/Cellar`,
  };
  const text = caveats.replaceAll(/\$(HOMEBREW_(?:PREFIX|CELLAR))\b/g, (_, name: string) => directories[name] ?? "");
  return text.trimEnd().split("\n");
}
