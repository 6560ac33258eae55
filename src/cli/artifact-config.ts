import type { CalledCommand } from "./called-command.ts";
import type { GlobalArguments } from "./global-options.ts";
import { usageError } from "./usage.ts";

/**
 * What `--config` means for a command that has `--artifact-config`. It is pkg's own config file, as everywhere, where it
 * stands before the command. What can only be an artifact's config, as `FILE:mediatype` of other OCI tools, is taken for
 * that. Anything else could be meant either way and might be published or overwritten, so it is refused.
 *
 * @param isArtifact true for a value that cannot be pkg's own config file
 * @throws {PkgError} USAGE
 */
export function settledConfig(
  args: GlobalArguments,
  isArtifact: (value: string) => boolean,
  called: CalledCommand,
): GlobalArguments {
  const { config } = args;
  if (config === undefined) return args;
  if (!isArtifact(config)) {
    if (isBeforeCommand(called)) return args;
    throw usageError(
      {
        text: `Cannot use --config "${config}" here: it could be the artifact's config, or pkg's own config file`,
        advice: `Write --artifact-config for the artifact's, or put --config before "${called.words.slice(1).join(" ")}" for pkg's own.`,
      },
      called,
    );
  }
  if (Reflect.get(args, "artifact-config") === undefined) {
    return Object.assign({ ...args, config: undefined }, { "artifact-config": config });
  }
  const text = "Cannot use --config with a media type: --artifact-config is given as well";
  throw usageError({ text, advice: null }, called);
}

function isBeforeCommand({ typed, words: [, first = ""] }: CalledCommand): boolean {
  const at = typed.findIndex((word) => word === "--config" || word.startsWith("--config="));
  return at !== -1 && at < typed.indexOf(first);
}
