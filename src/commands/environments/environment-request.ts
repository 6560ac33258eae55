import type { Made } from "../../environments/make-environment.ts";
import type { ObtainRequest, Runnable } from "../../environments/obtain-environment.ts";
import {
  canKeepEnvironments,
  shortPlace,
  type TemporaryPlace,
  temporaryPlace,
} from "../../environments/temporary-place.ts";
import { hasCode } from "../../errors.ts";
import type { Consent } from "../../install/name-concerns.ts";
import { publicKeyText } from "../../keys/read-public-key.ts";
import { askingUntilNo, choosingWith } from "../asker.ts";
import { type CommandEnd, waiversOf } from "../command.ts";
import { allowedNames, consentTo } from "../consent.ts";
import type { Context } from "../context.ts";
import { type EnvironmentArguments, isLatest } from "./environment-options.ts";

interface RequestedPrograms {
  /** Of an image. */
  readonly programs: readonly string[];
  /** False where nothing but one program is started: then none hides another. */
  readonly isOnPath: boolean;
}

/** What was typed, as an environment to obtain. */
export function environmentRequest(
  context: Context,
  specs: readonly string[],
  args: EnvironmentArguments & RequestedPrograms,
): ObtainRequest {
  const asking = askingUntilNo(context.report);
  const image = { programs: args.programs, withLibraries: args["with-libraries"] };
  const given: Consent = {
    replace: [],
    names: args.isOnPath ? allowedNames(args) : "all",
    downgrade: false,
    signedAs: args["signed-as"],
  };
  return {
    specs,
    skip: waiversOf(args),
    key: args.key === undefined ? null : publicKeyText(args.key, "--key", context.workingDirectory),
    ...(image.programs.length > 0 || image.withLibraries ? { image } : {}),
    directory: context.workingDirectory,
    isRefreshed: args.refresh || specs.some(isLatest),
    choose: choosingWith(context, asking),
    consentTo: (questions) => consentTo({ ...context, report: asking }, questions, given),
  };
}

/** A context in which environments can be made. */
export interface EnvironmentPlace {
  readonly context: Context;
  /** What is to be done once nothing of it is needed; null: it is kept for the next run. */
  readonly afterwards: (() => Promise<void>) | null;
}

interface TemporaryContext extends EnvironmentPlace {
  readonly afterwards: () => Promise<void>;
}

/** What is used of an environment, or why there is none. */
type Found = Made | Runnable;

/** What an end is made of: what was found, and what is to be done once it is not needed any more. */
type Use<T> = (found: T, place: EnvironmentPlace) => CommandEnd;

/**
 * Obtains an environment where that can be made, and uses it: in the home, else in a temporary place, which goes at once where it is
 * not needed for what runs. A bottle that cannot be poured in the home, as its name is too long, is poured in such a place.
 */
export async function atWritablePlace<T extends Found>(
  context: Context,
  obtain: (context: Context) => Promise<T>,
  use: Use<T>,
): Promise<CommandEnd> {
  const { paths } = context.config;
  if (!canKeepEnvironments(paths)) return await usedIn(temporaryIn(context, temporaryPlace(paths)), obtain, use);
  const found = await obtain(context);
  const isTooLong = found.kind === "failed" && found.errors.some((error) => hasCode(error, "RELOCATION_FAILED"));
  if (!isTooLong) return use(found, { context, afterwards: null });
  return await usedIn(temporaryIn(context, shortPlace()), obtain, use);
}

/** A context with a place that is removed afterwards. */
function temporaryIn(context: Context, { paths, remove }: TemporaryPlace): TemporaryContext {
  const at = context.at(paths);
  const afterwards = async () => {
    await at.close();
    await remove();
  };
  return { context: at, afterwards };
}

async function usedIn<T extends Found>(
  place: TemporaryContext,
  obtain: (context: Context) => Promise<T>,
  use: Use<T>,
): Promise<CommandEnd> {
  let isKept = false;
  try {
    const end = use(await obtain(place.context), place);
    isKept = typeof end !== "number";
    return end;
  } finally {
    if (!isKept) await place.afterwards();
  }
}
