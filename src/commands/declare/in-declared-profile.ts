import { profileDeclared } from "../../resolve/read-declared.ts";
import type { CommandEnd } from "../command.ts";
import type { Context } from "../context.ts";

/**
 * Does `work` in the profile that a file is for, unless a person has named one.
 *
 * @throws {PkgError} CONFIG_INVALID for a file that cannot be read; USAGE, PROFILE_UNKNOWN; and whatever `work` throws
 */
export async function inDeclaredProfile(
  context: Context,
  file: string | null,
  work: (context: Context) => Promise<CommandEnd>,
): Promise<CommandEnd> {
  const profile = profileDeclared(context.config, { file, directory: context.workingDirectory });
  if (profile === context.config.profile) return work(context);
  const inside = context.inProfile(profile);
  try {
    return await work(inside);
  } finally {
    await inside.close();
  }
}
