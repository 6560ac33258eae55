/** Bytes that are read while they are sent. */
export interface StreamedBody {
  /** In bytes; the stream from `open` must have exactly as many. */
  readonly size: number;
  /** Called once for each time the request is put on the wire. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

export type RequestBody = Uint8Array | string | StreamedBody;

/** True for a body that is read while it is sent. */
export function isStreamed(body: RequestBody | null): body is StreamedBody {
  return body !== null && typeof body !== "string" && !(body instanceof Uint8Array);
}
