import { Writable } from "node:stream";

export interface CollectedText {
  readonly stream: Writable;
  /** All that was written so far. */
  text(): string;
}

/** A stream that keeps what is written to it. */
export function collectText(onText?: (text: string) => void): CollectedText {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk);
      onText?.(chunk.toString("utf8"));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString("utf8") };
}
