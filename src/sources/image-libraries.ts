import { posix } from "node:path";
import { MACHINES } from "../base/machines.ts";
import { PkgError } from "../errors.ts";
import type { ImageConfig } from "../image/image-config.ts";
import type { FoundFile, Overlay } from "../image/overlay.ts";
import { isSafeName } from "../package/names.ts";
import { isInMusl, isMuslLinker } from "../programs/machine-libraries.ts";
import { type ElfLinking, readLinking } from "../relocate/elf-linking.ts";
import { RelocationFault } from "../relocate/fault.ts";
import { configuredDirectories } from "./loader-config.ts";
import { type LayeredImage, readFiles } from "./read-layers.ts";

/** A file of the image, and the name that it is found by. */
export interface NamedFile {
  readonly name: string;
  readonly file: FoundFile;
}

/** What starts a program of the image: its dynamic linker, and all libraries that it needs. */
export interface LibraryClosure {
  readonly interpreter: NamedFile;
  readonly libraries: readonly NamedFile[];
}

/** An image that was read as a whole. */
export interface WholeImage extends LayeredImage {
  readonly overlay: Overlay;
  readonly config: ImageConfig;
  /** The machine that it has to run on: `x86_64-linux`. */
  readonly host: string;
}

const GLIBC_DIRECTORIES = ["/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"];
const MUSL_DIRECTORIES = ["/lib", "/usr/local/lib", "/usr/lib"];
const MAX_LIBRARIES = 2000;

/**
 * Finds in an image what a program of it needs in order to be loaded.
 *
 * @returns null for a program that needs nothing
 * @throws {PkgError} PACKAGE_UNINSTALLABLE for a script, and for libraries that the image lacks; PLATFORM_UNSUPPORTED; as readFiles
 */
export async function libraryClosure(image: WholeImage, program: FoundFile): Promise<LibraryClosure | null> {
  const own = await linkingOf(image, [program]);
  const linking = own.get(program.path) ?? null;
  if (linking === null) throw noElf(image, program);
  if (linking.interpreter === null) return null;
  const interpreter = image.overlay.find(linking.interpreter);
  const name = posix.basename(linking.interpreter);
  if (interpreter.kind !== "file" || !isSafeName(name)) throw lacks(image, program, [linking.interpreter]);
  const finder = await find(image, { program, linking }, { interpreter, isMusl: isMuslLinker(linking.interpreter) });
  if (finder.missing.length > 0) throw lacks(image, program, finder.missing);
  return { interpreter: { name, file: interpreter }, libraries: finder.libraries };
}

/** The configuration is read only where something is missing without it: that takes further passes through the layers. */
async function find(
  image: WholeImage,
  { program, linking }: { readonly program: FoundFile; readonly linking: ElfLinking },
  loader: Loader,
): Promise<Finder> {
  const finder = new Finder(image, loader, []);
  await finder.addNeeded([{ file: program, linking }]);
  const configured = finder.missing.length === 0 ? [] : await configuredDirectories(image, loader.isMusl);
  if (configured.length === 0) return finder;
  const again = new Finder(image, loader, configured);
  await again.addNeeded([{ file: program, linking }]);
  return again;
}

/** What loads a program in its image. */
interface Loader {
  readonly interpreter: FoundFile;
  readonly isMusl: boolean;
}

interface Linked {
  readonly file: FoundFile;
  readonly linking: ElfLinking;
}

/** Follows what libraries need, each level in one pass through the layers. */
class Finder {
  readonly #image: WholeImage;
  readonly #isMusl: boolean;
  readonly #directories: readonly string[];
  readonly #found = new Map<string, FoundFile>();
  readonly missing: string[] = [];

  constructor(image: WholeImage, { interpreter, isMusl }: Loader, configured: readonly string[]) {
    this.#image = image;
    this.#isMusl = isMusl;
    const environment = image.config.libraryPath;
    const standard = isMusl ? MUSL_DIRECTORIES : [...GLIBC_DIRECTORIES, `/${posix.dirname(interpreter.path)}`];
    const triple = `${image.host}-gnu`;
    const multiarch = isMusl ? [] : [`/lib/${triple}`, `/usr/lib/${triple}`, `/usr/local/lib/${triple}`];
    this.#directories = [...environment, ...configured, ...multiarch, ...standard];
  }

  get libraries(): readonly NamedFile[] {
    return [...this.#found].map(([name, file]) => ({ name, file }));
  }

  async addNeeded(users: readonly Linked[]): Promise<void> {
    const before = new Set(this.#found.keys());
    for (const user of users) for (const name of user.linking.needed) this.#need(name, user);
    const fresh = this.libraries.filter(({ name }) => !before.has(name)).map(({ file }) => file);
    if (fresh.length === 0) return;
    const linkings = await linkingOf(this.#image, fresh);
    await this.addNeeded(fresh.flatMap((file) => withLinking(file, linkings.get(file.path) ?? null)));
  }

  #need(name: string, { file, linking }: Linked): void {
    if (this.#found.has(name) || this.missing.includes(name) || (this.#isMusl && isInMusl(name))) return;
    const own = linking.searchPath.map((path) =>
      path.replace(/^\$(?:ORIGIN|\{ORIGIN\})/, `/${posix.dirname(file.path)}`),
    );
    const paths = [...own.filter(posix.isAbsolute), ...this.#directories].map((directory) =>
      posix.join(directory, name),
    );
    const found = paths.map((path) => this.#image.overlay.find(path)).find((one) => one.kind === "file");
    const isFound = found !== undefined && isSafeName(name) && this.#found.size < MAX_LIBRARIES;
    if (isFound) this.#found.set(name, found);
    else this.missing.push(name);
  }
}

function withLinking(file: FoundFile, linking: ElfLinking | null): readonly Linked[] {
  return linking === null ? [] : [{ file, linking }];
}

/** How files are linked; null for what is no ELF file. */
async function linkingOf(
  image: WholeImage,
  files: readonly FoundFile[],
): Promise<ReadonlyMap<string, ElfLinking | null>> {
  const contents = await readFiles(image, files);
  return new Map([...contents].map(([path, bytes]) => [path, readElf(image, path, bytes)]));
}

function readElf({ name, host }: WholeImage, path: string, bytes: Buffer): ElfLinking | null {
  if (bytes.toString("latin1", 0, 4) !== "\x7fELF") return null;
  try {
    const linking = readLinking(bytes);
    const [machine] = host.split("-");
    if (MACHINES.find((one) => one.host === machine)?.elf === bytes.readUInt16LE(18)) return linking;
  } catch (error) {
    if (!(error instanceof RelocationFault)) throw error;
    throw new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${name}": "/${path}" is damaged: ${error.message}`);
  }
  throw new PkgError(
    "PLATFORM_UNSUPPORTED",
    `Cannot install "${name}": "/${path}" is for another machine than ${host}`,
  );
}

function noElf({ name }: WholeImage, { path }: FoundFile): PkgError {
  const problem = `"/${path}" is a script or data, and libraries are for programs`;
  return new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${name}": ${problem}`, {
    hint: "Leave out --with-libraries",
  });
}

function lacks({ name }: WholeImage, { path }: FoundFile, missing: readonly string[]): PkgError {
  const list = missing.map((library) => `"${library}"`).join(", ");
  return new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${name}": "/${path}" needs ${list}, not in the image`);
}
