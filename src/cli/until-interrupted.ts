import { interruption } from "../base/interruption.ts";

/**
 * What a stream says, which is opened when it is first read; its reader is told at once when the signal is aborted, even if nothing arrives any more.
 *
 * @throws {PkgError} INTERRUPTED; and what the stream throws
 */
export async function* untilInterrupted(
  open: () => AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(interruption(signal.reason, "Cannot read stdin: it was interrupted"));
  stopped.promise.catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const reader = open()[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([reader.next(), stopped.promise]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
