import type { MessagePort } from "node:worker_threads";
import type { ExtractLimits } from "../archive/extract-limits.ts";
import type { StoredBlob } from "../blobs/blob-store.ts";
import { type ErrorCode, PkgError } from "../errors.ts";
import type { Prefix } from "../relocate/prefix.ts";
import type { KegName, TakenKeg } from "./take-keg.ts";

/** A keg to take in, as a thread is told. Everything else about it goes through its port. */
export interface KegJob {
  readonly keg: KegName;
  readonly prefix: Prefix;
  readonly limits: ExtractLimits;
  /** The root of the blob store. */
  readonly root: string;
  readonly port: MessagePort;
}

/** What a thread is sent for a keg: the bottle piece by piece, then whether its files are to stay. */
export type ToThread =
  | { readonly kind: "piece"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "end" }
  | { readonly kind: "finish" }
  | { readonly kind: "abandon" };

/** What a thread answers. */
export type FromThread =
  /** Another piece may be sent; `spare`: the memory of one that was read, for another one. */
  | { readonly kind: "more"; readonly spare: ArrayBuffer | null }
  | { readonly kind: "taken"; readonly keg: TakenKeg }
  | { readonly kind: "finished" }
  | { readonly kind: "abandoned"; readonly added: readonly StoredBlob[] }
  | { readonly kind: "failed"; readonly error: SentError };

/** An error on its way between threads, where its class is lost. */
export type SentError =
  | { readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined }
  | { readonly code: null; readonly error: unknown };

/** Of an error that was not foreseen, the stack goes along, for whoever reports it. */
export function sentError(error: unknown): SentError {
  if (!(error instanceof PkgError)) return { code: null, error };
  const { code, message, hint } = error;
  return { code, message, hint };
}

/** The error that was sent. */
export function receivedError(sent: SentError): unknown {
  if (sent.code === null) return sent.error;
  const { code, message, hint } = sent;
  return new PkgError(code, message, hint === undefined ? {} : { hint });
}
