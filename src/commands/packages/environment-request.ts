import type { ObtainRequest } from "../../environments/obtain-environment.ts";
import { canKeepEnvironments, temporaryPlace } from "../../environments/temporary-place.ts";
import { publicKeyText } from "../../keys/read-public-key.ts";
import { waiversOf } from "../command.ts";
import type { Context } from "../context.ts";
import { askingUntilNo, choosingWith } from "./asker.ts";
import { allowedNames, consentTo } from "./consent.ts";
import { type EnvironmentArguments, isLatest } from "./environment-options.ts";

/** What was typed, as an environment to obtain. */
export function environmentRequest(
  context: Context,
  specs: readonly string[],
  args: EnvironmentArguments & { readonly programs: readonly string[] },
): ObtainRequest {
  const asking = askingUntilNo(context.report);
  const image = { programs: args.programs, withLibraries: args["with-libraries"] };
  const given = { replace: [], names: allowedNames(args), downgrade: false, signedAs: args["signed-as"] };
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

/** The context itself, or where its home cannot be written, one with a place that is removed afterwards. */
export function writablePlace(context: Context): EnvironmentPlace {
  const { paths } = context.config;
  if (canKeepEnvironments(paths)) return { context, afterwards: null };
  const temporary = temporaryPlace(paths);
  const at = context.at(temporary.paths);
  const afterwards = async () => {
    await at.close();
    await temporary.remove();
  };
  return { context: at, afterwards };
}

/** Does `work` where environments can be made; the place goes at once if that fails, or `isNeeded` says that its result needs none. */
export async function atWritablePlace<T>(
  context: Context,
  work: (place: EnvironmentPlace) => Promise<T>,
  isNeeded: (result: T) => boolean,
): Promise<T> {
  const place = writablePlace(context);
  let isKept = false;
  try {
    const result = await work(place);
    isKept = isNeeded(result);
    return result;
  } finally {
    if (!isKept) await place.afterwards?.();
  }
}
