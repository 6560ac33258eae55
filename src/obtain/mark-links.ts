import type { Link } from "../package/provides.ts";
import { titlesOf } from "../package-format/package-files.ts";
import { storedManifest } from "../package-format/stored-evidence.ts";
import type { ChangingStep } from "../plan/plan.ts";
import type { Installations } from "../state/installations.ts";
import { type CommandContext, checkCommands } from "./check-commands.ts";
import { kegCommands } from "./keg-commands.ts";
import { commandsOf } from "./package-commands.ts";

/**
 * The links that an installed dependency gets when a person asks for it; until then it has none. Null: the links stay as they are.
 *
 * @throws {PkgError} as checkCommands
 */
export async function linksOfMark(
  context: CommandContext & { readonly installations: Pick<Installations, "get"> },
  { resolution, from }: ChangingStep & { readonly kind: "mark" },
): Promise<readonly Link[] | null> {
  const installed = context.installations.get(resolution.name);
  if (installed === null || resolution.isDependency || !from.isDependency) return null;
  const { files, programDigest, keg } = installed;
  if (keg !== null) return kegCommands(context, resolution, { files, isKegOnly: keg.kegOnly !== null });
  const main = files.find(({ digest }) => digest === programDigest)?.path ?? null;
  const links = main === null ? [] : titlesOf(resolution, storedManifest(installed)).links;
  return checkCommands(context, resolution, await commandsOf(context.blobs, { resolution, files, links, main }));
}
