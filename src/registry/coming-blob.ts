import type { FileHandle } from "node:fs/promises";
import type { Upload } from "./upload.ts";

const READ_BYTES = 256 * 1024;

/** Wakes those who wait for bytes that are being written. */
export class Progress {
  #next = Promise.withResolvers<void>();
  #end: { readonly error: unknown } | null = null;

  /** Reports that something was written. */
  tell(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /** Reports that everything was written and verified, or that nothing more will come. */
  end(error: unknown): void {
    this.#end ??= { error };
    this.tell();
  }

  /** Waits for more. */
  async next(): Promise<void> {
    if (this.#end === null) await this.#next.promise;
  }

  /** True once everything is there and verified. @throws what went wrong */
  get isDone(): boolean {
    if (this.#end === null) return false;
    if (this.#end.error !== null) throw this.#end.error;
    return true;
  }
}

/** An upload that is being filled. */
export interface ComingUpload {
  readonly upload: Upload;
  /** The size that it will have, in bytes. */
  readonly size: number;
  readonly progress: Progress;
}

/** A blob that is read while it is written. */
export interface ComingBlob {
  readonly size: number;
  /** Can be read once; the last byte is yielded only if all of them hash to the digest. */
  readonly body: AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** Opens the blob of an upload in progress; null if the upload has ended already. */
export async function openComing(coming: ComingUpload): Promise<ComingBlob | null> {
  const file = await coming.upload.openToRead();
  return file === null ? null : { size: coming.size, body: follow(file, coming), close: () => file.close() };
}

async function* follow(file: FileHandle, { upload, size, progress }: ComingUpload): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < size; ) {
    const end = progress.isDone ? size : Math.min(upload.size, size - 1);
    const wanted = Math.min(READ_BYTES, end - position);
    if (wanted > 0) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, position);
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      position += bytesRead;
    } else {
      await progress.next();
    }
  }
}
