import { type PkgError, reworded } from "../errors.ts";

/** What cannot be installed, said of a command that does something else with it. */
export interface Words {
  /** The same error gets the same words, so that it is told once, however it reaches the person. */
  error(error: PkgError): PkgError;
  message(message: string): string;
}

/** @param verb what the command does, such as "lock" */
export function inWordsOf(verb: string): Words {
  const said = new Map<PkgError, PkgError>();
  const words = (message: string) => message.replaceAll('Cannot install "', `Cannot ${verb} "`);
  return {
    message: words,
    error(error) {
      const message = words(error.message);
      const own = said.get(error) ?? (message === error.message ? error : reworded(error, message));
      said.set(error, own);
      return own;
    },
  };
}
