import { PkgError } from "../errors.ts";
import { findProgram, type ImageProgram, listPrograms } from "../image/find-program.ts";
import type { ImageConfig } from "../image/image-config.ts";
import { type ImageLayer, imageLayers } from "../image/image-layers.ts";
import { launcherScript } from "../image/launcher.ts";
import type { FoundFile, Overlay } from "../image/overlay.ts";
import type { LayerMember, WantedLayer } from "../image/wanted-layer.ts";
import { type OpenedLocation, openLocation } from "../network/open-location.ts";
import type { Manifest } from "../oci/manifest.ts";
import { isSafeName } from "../package/names.ts";
import type { ImageOrigin } from "../plan/origin.ts";
import type { Resolution } from "../plan/resolution.ts";
import { chooseManifest } from "./choose-manifest.ts";
import { libraryClosure } from "./image-libraries.ts";
import type { ContentsRequest, OpenRequest, PackageContents, PackageSource, WantedFile } from "./package-source.ts";
import { fetchImageConfig, noSuchProgram } from "./read-image.ts";
import { type LayeredImage, readLayers } from "./read-layers.ts";
import type { SourceContext } from "./source-context.ts";

const PROGRAM_MODE = 0o755;
const LIBRARY_MODE = 0o644;
/** Where programs with libraries of their own are placed. */
const OWN_DIRECTORIES: readonly string[] = ["lib", "libexec"];
const SET_ID_BITS = 0o6000;

/** Opens programs of a container image in a registry, an OCI layout, or a tar of one. @throws {PkgError} OFFLINE */
export async function openImageSource(
  context: SourceContext,
  { resolution, origin, task }: OpenRequest<ImageOrigin>,
): Promise<PackageSource> {
  const opened = await openLocation(context.network, origin.location, {
    task,
    namedBy: resolution.repository === null ? "person" : "index",
  });
  return {
    main: null,
    place: opened.place,
    contents: (request) => new ImageReading({ context, resolution, origin, opened, request }).contents(),
    openBlob: (blob, position, signal) => opened.place.openBlob(blob, position, signal),
    close: () => opened.close(),
  };
}

interface ImageParts {
  readonly context: SourceContext;
  readonly resolution: Resolution;
  readonly origin: ImageOrigin;
  readonly opened: OpenedLocation;
  readonly request: ContentsRequest;
}

/** A program of the image that was found. */
interface Program {
  readonly name: string;
  readonly file: FoundFile;
}

/** One reading of an image: which of its layers are needed, and what of them is placed. */
class ImageReading {
  readonly #parts: ImageParts;
  readonly #members = new Map<number, LayerMember[]>();
  readonly #scripts = new Map<number, { readonly path: string; readonly text: string }[]>();

  constructor(parts: ImageParts) {
    this.#parts = parts;
  }

  async contents(): Promise<PackageContents> {
    const { origin, opened, request } = this.#parts;
    const { signal } = request;
    const { place } = opened;
    const manifest = origin.manifest ?? (await this.#manifest());
    const name = origin.text;
    const { read } = request;
    if (read === null) return { manifest, programs: [], documents: new Map(), links: [] };
    const config = origin.config ?? (await fetchImageConfig({ name, place, manifest, signal }));
    const layers = imageLayers(name, manifest, config);
    const image = { name, layers, open: ({ blob }: ImageLayer) => read(blob), signal };
    const { programs, overlay, count } = await this.#find(image, config);
    for (const program of programs) await this.#take(image, { program, overlay, config });
    return {
      manifest,
      programs: this.#wanted(layers.slice(0, count), programs),
      documents: new Map(),
      links: programs.map((program) => ({ title: program.name, link: program.name })),
      notes: programs.flatMap((program) => this.#droppedBits(program)),
    };
  }

  #manifest(): Promise<Manifest> {
    const { context, origin, opened, request } = this.#parts;
    const key = origin.digest ?? origin.tag;
    if (key === null) throw new Error(`"${origin.text}" has neither tag nor digest`);
    const { machine } = context;
    return chooseManifest({ source: opened.place, key, platform: null, machine, signal: request.signal });
  }

  /** Reads no more layers than it takes, unless something is missing or the libraries are wanted too. */
  async #find(image: LayeredImage, config: ImageConfig) {
    const { programs: asked, withLibraries } = this.#parts.origin.image;
    const words = asked.length === 0 ? [null] : asked;
    const look = (overlay: Overlay) => words.map((word) => findProgram(overlay, config, word));
    const isEnough = (overlay: Overlay) => !withLibraries && look(overlay).every(({ kind }) => kind === "program");
    const { overlay, count } = await readLayers(image, isEnough);
    const found = look(overlay);
    const none = found.find(({ kind }) => kind === "none");
    if (none?.kind === "none") throw this.#missing(none, overlay, config);
    return { overlay, count, programs: this.#distinct(found.filter((one) => one.kind === "program")) };
  }

  #missing(none: ImageProgram & { readonly kind: "none" }, overlay: Overlay, config: ImageConfig): PkgError {
    return noSuchProgram(this.#parts.origin.text, none, { ...listPrograms(overlay, config), isWhole: true });
  }

  /** Programs by their names, which become links. */
  #distinct(found: readonly Program[]): readonly Program[] {
    const byName = new Map<string, Program>();
    for (const { name, file } of found) {
      const other = byName.get(name);
      if (!isSafeName(name)) throw this.#refuse(`"${name}" cannot be the name of a command`);
      if (other !== undefined && other.file.path !== file.path)
        throw this.#refuse(`"/${other.file.path}" and "/${file.path}" have the same name`);
      byName.set(name, { name, file });
    }
    return [...byName.values()];
  }

  #refuse(problem: string): PkgError {
    return new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${this.#parts.origin.text}": ${problem}`);
  }

  async #take(
    image: LayeredImage,
    {
      program,
      overlay,
      config,
    }: { readonly program: Program; readonly overlay: Overlay; readonly config: ImageConfig },
  ): Promise<void> {
    const { origin, context } = this.#parts;
    const { name, file } = program;
    const whole = { ...image, overlay, config, host: context.machine.host };
    const closure = origin.image.withLibraries ? await libraryClosure(whole, file) : null;
    if (closure === null) return this.#add(file, { to: name, mode: PROGRAM_MODE });
    const { interpreter, libraries } = closure;
    if (OWN_DIRECTORIES.includes(name)) throw this.#refuse(`"${name}" is the name of a directory beside its program`);
    this.#add(file, { to: `libexec/${name}`, mode: PROGRAM_MODE });
    const text = launcherScript({ program: name, interpreter: interpreter.name });
    this.#scripts.set(file.layer, [...(this.#scripts.get(file.layer) ?? []), { path: name, text }]);
    this.#add(interpreter.file, { to: `lib/${interpreter.name}`, mode: PROGRAM_MODE });
    for (const library of libraries) this.#add(library.file, { to: `lib/${library.name}`, mode: LIBRARY_MODE });
  }

  /** Programs share their libraries: the first of a name is taken. */
  #add({ layer, path: from }: FoundFile, { to, mode }: { readonly to: string; readonly mode: number }): void {
    const all = [...this.#members.values()].flat();
    if (all.some((member) => member.to === to)) return;
    this.#members.set(layer, [...(this.#members.get(layer) ?? []), { from, to, mode }]);
  }

  /** Every layer that was read is verified, the one with the first program first; of most of them nothing is placed. */
  #wanted(layers: readonly ImageLayer[], [main]: readonly Program[]): readonly WantedFile[] {
    const files = layers.map(({ blob, diffId, position }, index): WantedFile & { readonly isMain: boolean } => {
      const [members, scripts] = [this.#members.get(index) ?? [], this.#scripts.get(index) ?? []];
      const layer: WantedLayer = { diffId, members, scripts };
      return { title: `layer-${position}`, blob, isArchive: true, layer, isMain: index === main?.file.layer };
    });
    return files.toSorted((a, b) => Number(b.isMain) - Number(a.isMain));
  }

  #droppedBits({ name, file }: Program): readonly string[] {
    const dropped = [
      ...((file.mode & SET_ID_BITS) === 0 ? [] : ["as its owner or group (set-user-ID or set-group-ID)"]),
      ...(file.hasCapabilities === true ? ["with capabilities of its own, which may be more than a user has"] : []),
    ];
    if (dropped.length === 0) return [];
    return [`${name}: in the image, it runs ${dropped.join(" and ")}; here it runs as whoever starts it`];
  }
}
