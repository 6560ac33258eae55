import { byteCount } from "../base/format-bytes.ts";
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

  /**
   * Must be called before something is stored.
   *
   * @param bytes how much it will be, as far as that is known
   * @throws {PkgError} DISK_FULL when less than the reserve would be left
   */
  async check(bytes = 0): Promise<void> {
    this.#unchecked = 0;
    const needed = this.#reserveBytes + bytes;
    if ((await this.#files.freeBytes()) >= needed) return;
    const message = `Cannot store more in "${this.#files.root}": less than ${byteCount(needed)} are free`;
    throw new PkgError("DISK_FULL", message, { hint: "Free some space, e.g. with `pkg registry gc`" });
  }

  /** The same for something of a size that is known, unless it is too small to be worth a look. */
  async checkRoom(bytes: number): Promise<void> {
    if (bytes >= CHECK_BYTES) await this.check(bytes);
  }

  /** The same while something is written, every 16 MiB of all that is written. */
  async count(bytes: number): Promise<void> {
    this.#unchecked += bytes;
    if (this.#unchecked >= CHECK_BYTES) await this.check();
  }
}
