import { listSome } from "../base/lists.ts";
import type { Config } from "../config/config.ts";
import { PkgError } from "../errors.ts";
import { wantedNames } from "../image/find-program.ts";
import { aliasLinks } from "../package/alias-links.ts";
import { describeOwner } from "../package/describe-owner.ts";
import type { Installation } from "../package/installation.ts";
import { protectedReason } from "../package/protected-names.ts";
import { directoryLinks } from "../package/provides.ts";
import { isOrphaned } from "../package/repository-owner.ts";
import { titlesOf } from "../package-format/package-files.ts";
import { isSameOwner, type Owned, ownerName, type Step } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { Installations } from "../state/installations.ts";
import { type FactsConsent, type FactsQuestion, factsQuestionsOf, refuseFacts } from "./facts-concerns.ts";
import { searchPlace } from "./search-path.ts";

/** What a person has to agree to before a step runs; nothing is asked here. */
export type Question =
  /** A package from `to` would replace the one installed from `from`. */
  | { readonly kind: "replace"; readonly name: string; readonly from: string; readonly to: string }
  | { readonly kind: "names"; readonly name: string; readonly concerns: readonly NameConcern[] }
  | FactsQuestion;

/** A link that needs an explicit yes. */
export interface NameConcern {
  readonly link: string;
  /** Follows the name in messages: `is a shell`. */
  readonly reason: string;
}

/** What a person agreed to; `--yes` is not enough for any of it. */
export interface Consent extends FactsConsent {
  /** Names of packages that may be replaced by another owner's; `all`: of every one. */
  readonly replace: "all" | readonly string[];
  /** Links that may take a protected name, or hide a program; `all`: they are put where nothing is looked for. */
  readonly names: "all" | readonly string[];
}

/** The consent of a person who was not asked, or agreed to nothing. */
export const NO_CONSENT: Consent = { replace: [], names: [], downgrade: false, signedAs: [] };

/** The part of the config that decides which names need a yes. */
export type NameConfig = Pick<Config, "searchPath" | "paths" | "environmentOf">;

/** The questions that a step raises, as far as is known before anything is fetched. */
export function questionsOf(config: NameConfig, installations: Installations, step: Step): readonly Question[] {
  if (step.kind === "keep") return [];
  const { resolution } = step;
  const { name } = resolution;
  const replaced = step.kind === "change" && !isSameOwner(step.from, resolution) ? step.from : null;
  const named = { own: ownInstallation(installations, resolution), formula: ownName(config, resolution) };
  const concerns = concernsOf(config, linksUnderName(resolution), named);
  return [
    ...(replaced === null ? [] : [{ kind: "replace" as const, name, ...ownersOf(replaced, resolution) }]),
    ...factsQuestionsOf(installations, step),
    ...(concerns.length === 0 ? [] : [{ kind: "names" as const, name, concerns }]),
  ];
}

/** Two owners, so that a person can tell them apart: repositories of one name by their addresses and keys. */
function ownersOf(from: Owned, to: Owned): { readonly from: string; readonly to: string } {
  const isAmbiguous = from.repository === to.repository || isOrphaned(from);
  const told = (owned: Owned) => (isAmbiguous && owned.owner !== null ? describeOwner(owned.owner) : ownerName(owned));
  return { from: told(from), to: told(to) };
}

/** The installation of the same package: a person has already agreed to its links. */
export function ownInstallation(
  installations: Installations,
  named: Owned & Pick<Resolution, "name">,
): Installation | null {
  const installed = installations.get(named.name);
  return installed !== null && isSameOwner(installed, named) ? installed : null;
}

export interface NamedPackage {
  /** The same package, as it is installed; null: it is not. */
  readonly own: Installation | null;
  /** As ownName() gives it. */
  readonly formula: string | null;
}

/**
 * The `links` that need an explicit yes, without those that the package already has. Whoever asks for the formula `git`
 * wants to type `git` from then on: that its programs hide those of the machine is told, and not asked.
 */
export function concernsOf(
  config: NameConfig,
  links: readonly string[],
  { own, formula }: NamedPackage,
): readonly NameConcern[] {
  const place = searchPlace(config);
  // Also those that another package has now, or that a person has unlinked.
  const known = new Set([...(own?.links ?? []), ...(own?.taken ?? [])].map(({ path }) => path));
  return links.flatMap((link) => {
    const hidden = isNamedBy(formula, link) ? null : place.hiddenBy(link);
    const reason = protectedReason(link) ?? (hidden === null ? null : `would hide "${hidden}"`);
    return reason === null || known.has(link) ? [] : [{ link, reason }];
  });
}

/**
 * The name that a package may have unasked for a program, though it hides one of the machine: that of a formula, and of any package
 * that is named to come first for one command, and not from then on; null: none.
 */
export function ownName(
  { environmentOf }: NameConfig,
  { keg, name }: Pick<Resolution, "name"> & { readonly keg: object | null },
): string | null {
  return keg === null && environmentOf === undefined ? null : name;
}

/** True for `git` and `git-shell` of the formula `git`, and for `node` of `node@22`. */
function isNamedBy(formula: string | null, link: string): boolean {
  // `git:homebrew` is the formula beside a package of that name.
  const name = formula?.replace(/[@:].*/, "");
  return name !== undefined && (link === name || link.startsWith(`${name}-`));
}

/** Refuses protected names among new links that a person asked for. @throws {PkgError} NAME_PROTECTED */
export function refuseProtected(name: string, links: readonly string[], allowed: readonly string[]): void {
  const concerns = links.flatMap((link) => {
    const reason = protectedReason(link);
    return reason === null ? [] : [{ link, reason }];
  });
  refuseWithoutConsent({ kind: "names", name, concerns }, { ...NO_CONSENT, names: allowed });
}

/** The programs of this machine that new links hide. */
export function hidingNotes(config: NameConfig, name: string, links: readonly string[]): readonly string[] {
  // Within an environment, nothing is hidden from then on.
  if (config.environmentOf !== undefined) return [];
  const place = searchPlace(config);
  return links.flatMap((link) => {
    const hidden = place.hiddenBy(link);
    return hidden === null ? [] : [`${name}: "${link}" is found before "${hidden}" from now on`];
  });
}

/** The same, under the name that it is installed as. */
function linksUnderName(resolution: Resolution): readonly string[] {
  const expected = expectedLinks(resolution).map((link) => ({ link, title: link }));
  const { links, unlinked } = aliasLinks(resolution, expected);
  return links.flatMap(({ link }) => (unlinked.includes(link) ? [] : link));
}

/** The links that a package announces; a directory may turn out to have more when it is unpacked. */
function expectedLinks(resolution: Resolution): readonly string[] {
  const { origin, provides, keg } = resolution;
  if (resolution.isDependency || (keg !== null && keg.kegOnly !== null)) return [];
  // One that lists no programs may still have some; once it is poured, they are known, and looked at like these.
  if (keg !== null) return provides.flatMap(({ links }) => links);
  if (origin.kind === "image") return wantedNames(origin.config, origin.image.programs);
  const { links, isDirectory } = titlesOf(resolution, origin.manifest);
  const programs = provides.map(({ program }) => program);
  return (isDirectory ? directoryLinks(provides, programs) : links).map(({ link }) => link);
}

/** Refuses a package as long as a question about it is open. @throws {PkgError} as refuseWithoutConsent */
export function refuseUnanswered(questions: readonly Question[], name: string, consent: Consent): void {
  for (const question of questions) if (question.name === name) refuseWithoutConsent(question, consent);
}

/** Refuses a step without the consent it needs. @throws {PkgError} NAME_BOUND, NAME_PROTECTED; those of refuseFacts */
export function refuseWithoutConsent(question: Question, consent: Consent): void {
  if (question.kind === "replace") {
    if (consent.replace !== "all" && !consent.replace.includes(question.name)) throw nameBound(question);
    return;
  }
  if (question.kind !== "names") {
    refuseFacts(question, consent);
    return;
  }
  const open = question.concerns.filter(({ link }) => !isAgreed(consent, link));
  if (open.length > 0) throw nameProtected(question.name, open);
}

/** Whether a program may have its name. */
export function isAgreed({ names }: Consent, link: string): boolean {
  return names === "all" || names.includes(link);
}

function nameBound({ name, from, to }: Question & { readonly kind: "replace" }): PkgError {
  return new PkgError(
    "NAME_BOUND",
    `Cannot install "${name}" from "${to}": it is installed from "${from}", and a package from elsewhere does not replace it`,
    { hint: `Add --replace if you mean to; --yes is not enough. \`pkg info ${name}\` shows what is available` },
  );
}

const MAX_LISTED = 8;

function nameProtected(name: string, concerns: readonly NameConcern[]): PkgError {
  const reasons = concerns.map(({ link, reason }) => `"${link}" ${reason}`);
  return new PkgError(
    "NAME_PROTECTED",
    `Cannot place "${name}": among its programs, ${listSome(reasons, MAX_LISTED)}`,
    {
      hint: `Add --allow-name ${concerns.map(({ link }) => link).join(",")} if you mean to; --yes is not enough`,
    },
  );
}
