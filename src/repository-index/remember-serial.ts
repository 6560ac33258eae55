import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { type RememberedSerial, rememberSerial, type SerialSubject } from "../keys/serial-memory.ts";

/** Remembers a serial. A home that cannot be written is warned of: it must not make fail what is done. */
export function rememberIndex(
  { config, emit }: Pick<Capabilities, "config" | "emit">,
  subjects: readonly SerialSubject[],
  { serial, document }: RememberedSerial,
): void {
  try {
    rememberSerial(config.paths, subjects, { serial, document });
  } catch (error) {
    if (!(error instanceof PkgError)) throw error;
    emit({ kind: "warning", message: `Serial ${serial} is not remembered on this machine: ${error.message}` });
  }
}
