import { posix } from "node:path";
import type { EmitEvent } from "../base/events.ts";
import { byteCount } from "../base/format-bytes.ts";
import type { BlobIntake, BlobStore } from "../blobs/blob-store.ts";
import { SYMLINK_MODE } from "../fs/modes.ts";
import { readLocalFile } from "../fs/read-file.ts";
import { iconsWanted, rewriteEntry } from "../package/desktop-entry.ts";
import { MAX_DESKTOP_BYTES } from "../package/desktop-file.ts";
import { MADE_SHARE } from "../package/holdings.ts";
import { type IconFile, iconsNamed, MAX_ICON_BYTES } from "../package/icon-file.ts";
import type { InstalledFile } from "../package/installation.ts";
import type { Link } from "../package/provides.ts";
import { takenFile } from "../unpack/taken-file.ts";

/** Where desktop entries lead; absolute paths. */
export interface DesktopPlaces {
  /** The directory of links to programs. */
  readonly bin: string;
  /** The data directory. */
  readonly share: string;
}

export interface DesktopContext {
  readonly blobs: Pick<BlobStore, "intake" | "pathOf">;
  readonly emit: EmitEvent;
  readonly signal: AbortSignal;
  readonly places: DesktopPlaces;
}

/** A package whose files are in the store, and the commands that it has. */
export interface DesktopPackage {
  readonly name: string;
  readonly files: readonly InstalledFile[];
  readonly links: readonly Link[];
  readonly isAppImage: boolean;
}

const FILE_MODE = 0o644;
/** More are no applications. */
const MAX_ENTRIES = 16;

/** At the root, or in a directory where packages keep them. */
const ENTRY =
  /^(?:(?:usr\/)?share\/applications\/|applications\/|(?:assets|contrib|desktop|resources|extra)\/)?([^/]+\.desktop)$/;
const SAFE_ENTRY = /^[A-Za-z0-9_][\w.+@-]{0,120}\.desktop$/;

/**
 * Makes the desktop entries of a package anew, as files that lead to its programs and icons where these are linked; what is not
 * placed of them is told. The icons that they name belong to them.
 *
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM, INTERRUPTED
 */
export async function makeDesktopFiles(
  context: DesktopContext,
  item: DesktopPackage,
): Promise<readonly InstalledFile[]> {
  const { files, links } = item;
  const entries = files.filter(({ path }) => ENTRY.test(path)).slice(0, MAX_ENTRIES);
  if (links.length === 0 || entries.length === 0) return [];
  const intake = context.blobs.intake(context.signal);
  try {
    const making = new EntryMaking(context, item, intake);
    for (const entry of entries) await making.add(entry);
    await intake.finish();
    return making.made();
  } catch (error) {
    await intake.abandon();
    throw error;
  }
}

class EntryMaking {
  readonly #context: DesktopContext;
  readonly #item: DesktopPackage;
  readonly #intake: BlobIntake;
  readonly #files: ReadonlyMap<string, InstalledFile>;
  readonly #made = new Map<string, InstalledFile>();

  constructor(context: DesktopContext, item: DesktopPackage, intake: BlobIntake) {
    this.#context = context;
    this.#item = item;
    this.#intake = intake;
    this.#files = new Map(item.files.filter(isIcon).map((file) => [file.path, file]));
  }

  made(): readonly InstalledFile[] {
    return [...this.#made.values()];
  }

  async add(file: InstalledFile): Promise<void> {
    const base = posix.basename(file.path);
    const path = `${MADE_SHARE}applications/${base}`;
    if (this.#made.has(path)) return;
    const problem = problemOf(file, base);
    if (problem !== null) return this.#tell(file.path, `is not placed: ${problem}`);
    const bytes = await readLocalFile(this.#context.blobs.pathOf(file.digest));
    const icons = new Map([...iconsWanted(bytes)].map((name) => [name, this.#iconsOf(name)]));
    const { bin, share } = this.#context.places;
    const entry = rewriteEntry(bytes, {
      program: (name) => this.#programOf(name, bin),
      icon: (name) => iconPath(share, icons.get(name)?.[0]),
    });
    if (entry.kind === "refused") return this.#tell(file.path, `is not placed: ${entry.reason}`);
    if (entry.changed.length > 0) this.#tell(file.path, `is placed without ${entry.changed.join(", ")}`);
    const stored = await this.#intake.add([Buffer.from(entry.text)], FILE_MODE);
    this.#made.set(path, takenFile(stored, path, FILE_MODE));
    for (const icon of [...icons.values()].flat()) this.#addIcon(icon);
  }

  /** By the name of its command, or of its file. What an AppImage names is inside of it, and is started by itself. */
  #programOf(name: string, bin: string): string | null {
    const { links, isAppImage } = this.#item;
    const [only, ...others] = links;
    const inside = isAppImage && others.length === 0 && !STARTERS.test(name) ? only : undefined;
    const found =
      links.find(({ link }) => link === name) ?? links.find(({ title }) => posix.basename(title) === name) ?? inside;
    return found === undefined ? null : posix.join(bin, found.link);
  }

  /** Those of that name; where there are none, the one that is beside the program, or that an AppImage has for everything. */
  #iconsOf(name: string): readonly IconFile[] {
    const paths = [...this.#files.keys()];
    const icons = iconsNamed(name, paths);
    const [only, ...others] = paths.filter((path) => !path.includes("/") && path !== DIRECTORY_ICON);
    const other = this.#files.has(DIRECTORY_ICON) ? DIRECTORY_ICON : others.length === 0 ? only : undefined;
    if (icons.length > 0 || other === undefined) return icons;
    const ending = other === DIRECTORY_ICON ? ".png" : posix.extname(other);
    return iconsNamed(name, [`${name}${ending}`]).map((icon) => ({ ...icon, path: other }));
  }

  #addIcon({ path: from, place }: IconFile): void {
    const file = this.#files.get(from);
    const path = `${MADE_SHARE}${place}`;
    if (file !== undefined) this.#made.set(path, { ...file, path });
  }

  #tell(path: string, what: string): void {
    this.#context.emit({ kind: "warning", message: `${this.#item.name}: the desktop entry "${path}" ${what}` });
  }
}

/** What starts other programs: no AppImage is called so. */
const STARTERS =
  /^$|^(?:ba|da|fi|k|z)?sh$|^(?:env|sudo|su|doas|pkexec|python[\d.]*|perl|ruby|node|xdg-open|xterm|nohup|setsid|systemd-run)$/;

/** What an AppImage calls its icon, which is a PNG file. */
const DIRECTORY_ICON = ".DirIcon";

/** Links among them lead elsewhere from where icons are placed. */
function isIcon({ path, size, mode }: InstalledFile): boolean {
  const isNamed = /\.(?:png|svg|xpm)$/.test(path) || path === DIRECTORY_ICON;
  return isNamed && mode !== SYMLINK_MODE && size <= MAX_ICON_BYTES;
}

function iconPath(share: string, icon: IconFile | undefined): string | null {
  return icon === undefined ? null : posix.join(share, icon.place);
}

function problemOf({ size, mode }: InstalledFile, base: string): string | null {
  if (mode === SYMLINK_MODE) return "it is a link";
  if (size > MAX_DESKTOP_BYTES) return `it has ${byteCount(size)}, at most ${MAX_DESKTOP_BYTES} are allowed`;
  return SAFE_ENTRY.test(base) ? null : "its name has other characters than letters, digits and `_.+@-`";
}
