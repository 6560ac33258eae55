import type { Capabilities } from "../capabilities/capabilities.ts";
import { editPackages, type PackagesEdit } from "../declare/edit-packages.ts";
import { declarationIn, meantFile, readText } from "../declare/find-file.ts";
import { rewriteFile } from "../fs/rewrite-file.ts";
import { findAnyway } from "../resolve/find-installed.ts";
import { declareInstalled } from "./declare-installed.ts";
import { hasSeveral } from "./export-declared.ts";

type SaveCapabilities = Pick<Capabilities, "config" | "records" | "emit">;

/** The file that is meant, checked before anything is changed. */
export interface SavedFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Finds the file that `--save` changes: the project's own, else the user-wide one, which need not exist yet.
 *
 * @throws {PkgError} CONFIG_INVALID, PERMISSIONS_UNSAFE
 */
export function fileToSave({ config }: Pick<SaveCapabilities, "config">, directory: string): SavedFile {
  const path = meantFile({ directory, configFile: config.paths.configFile });
  const text = readText(path) ?? "";
  declarationIn({ path, text });
  return { path, text };
}

const FILE_MODE = 0o644;

/** What is saved. */
export interface SaveRequest {
  readonly file: SavedFile;
  /** As typed. */
  readonly words: readonly string[];
  /** Where relative paths begin. */
  readonly directory: string;
}

/** Writes what was installed by these words into the file, as `export` would. @throws {PkgError} CONFIG_INVALID; those of the file system */
export async function saveInstalled(cap: SaveCapabilities, { file, words, directory }: SaveRequest): Promise<void> {
  const { installations } = await cap.records();
  const how = { namesRepository: hasSeveral(cap.config), isExact: false };
  const edits = words.flatMap((word): readonly PackagesEdit[] => {
    const installed = findAnyway({ installations, directory }, word);
    return installed === null ? [] : [{ kind: "set", package: declareInstalled(installed, how) }];
  });
  save(cap, file, edits);
}

/** Takes out of the file what is declared by one of these names, or by a word for the same. */
export function saveRemoved(cap: SaveCapabilities, { file, words }: Pick<SaveRequest, "file" | "words">): void {
  const { packages } = declarationIn(file);
  const names = packages
    .filter(({ name, spec }) => words.includes(name) || words.includes(spec))
    .map(({ name }) => name);
  if (names.length === 0) cap.emit({ kind: "note", message: `${file.path} stays as it is: it names none of them` });
  save(
    cap,
    file,
    names.map((name) => ({ kind: "remove", name })),
  );
}

function save(
  { emit }: Pick<SaveCapabilities, "emit">,
  { path, text }: SavedFile,
  edits: readonly PackagesEdit[],
): void {
  let changed = text;
  for (const edit of edits) changed = editPackages({ path, text: changed }, edit);
  if (changed === text) return;
  rewriteFile(path, changed, { newMode: FILE_MODE });
  emit({ kind: "note", message: `${path} is changed` });
}
