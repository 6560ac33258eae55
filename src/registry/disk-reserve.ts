import { PkgError } from "../errors.ts";
import type { RootFiles } from "./root-files.ts";

/** How much is written between two looks at the disk, in bytes. */
const CHECK_BYTES = 16 * 1024 * 1024;

/** Keeps a registry from filling its disk, whatever its clients or its upstream send. */
export class DiskReserve {
  readonly #files: RootFiles;
  readonly #reserveBytes: number;
  #unchecked = 0;

  constructor(files: RootFiles, reserveBytes: number) {
    this.#files = files;
    this.#reserveBytes = reserveBytes;
  }

  /** Must be called before something is stored. @throws {PkgError} DISK_FULL when less than the reserve is free */
  async check(): Promise<void> {
    this.#unchecked = 0;
    if ((await this.#files.freeBytes()) >= this.#reserveBytes) return;
    const message = `Cannot store more in "${this.#files.root}": less than ${this.#reserveBytes} bytes are free`;
    throw new PkgError("DISK_FULL", message, { hint: "Free some space, e.g. with `pkg registry gc`" });
  }

  /** The same while something is written, every 16 MiB of all that is written. */
  async count(bytes: number): Promise<void> {
    this.#unchecked += bytes;
    if (this.#unchecked >= CHECK_BYTES) await this.check();
  }
}
