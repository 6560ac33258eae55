import { existsSync } from "node:fs";
import { querySecrets } from "../base/secret-patterns.ts";
import { openSystem, refuseReader } from "../capabilities/system.ts";
import type { Config } from "../config/config.ts";
import { type EditValue, editRepositories } from "../config/edit.ts";
import { parseConfig } from "../config/file.ts";
import { refuseSpecialOutput } from "../fs/output-file.ts";
import { rewriteFile } from "../fs/rewrite-file.ts";

const NEW_FILE_MODE = 0o644;
/** Of a file that holds a token in an address. */
const PRIVATE_MODE = 0o600;

/** Sets keys in a repository's table of the config file. @throws {PkgError} as writeConfigText */
export function writeRepository(config: Config, name: string, values: Readonly<Record<string, EditValue>>): void {
  writeConfigText(config, editRepositories(config.fileText, { kind: "set", name, values }));
}

/**
 * Replaces the text of the config file, if the new one parses. A link to it, as of those who keep their settings in one
 * place, stays a link, and the file keeps its mode.
 *
 * @throws {PkgError} PATH_CONFLICT for a link that leads nowhere; CONFIG_INVALID, PERMISSION_DENIED, FILE_SYSTEM
 */
export function writeConfigText(config: Config, text: string): void {
  const { paths } = config;
  refuseReader(config, null);
  parseConfig(text, paths.configFile);
  // A link that leads nowhere was read as a missing file; it may lead somewhere else tomorrow.
  if (!existsSync(paths.configFile)) refuseSpecialOutput(paths.configFile);
  if (config.isSystem) openSystem(paths);
  const modes = { newMode: NEW_FILE_MODE, ...(querySecrets(text).length > 0 ? { most: PRIVATE_MODE } : {}) };
  rewriteFile(paths.configFile, text, modes);
}
