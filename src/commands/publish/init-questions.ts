import { findPrograms, guessPublication } from "../../publish/guess-publication.ts";
import type { TypedPublication } from "../../publish/read-publication.ts";
import type { Context } from "../context.ts";

/**
 * Completes what was typed with answers from a terminal, and then with guesses. Nothing is asked with --yes or without
 * a terminal.
 */
export async function completePublication(context: Context, typed: TypedPublication): Promise<TypedPublication> {
  const directory = context.workingDirectory;
  const guesses = guessPublication(directory);
  const ask = asker(context);
  const reference =
    typed.reference ?? (await ask("Where to publish it, e.g. ghcr.io/me/tools/trurl", guesses.reference));
  const version = typed.version ?? (await ask("Version", guesses.version));
  const description = typed.description ?? (await ask("What it does, in a sentence", null));
  const license = typed.license ?? (await ask("License, as an SPDX expression", guesses.license));
  const source = typed.source ?? (await ask("Address of the source code", guesses.source));
  const files = typed.files.length > 0 ? typed.files : await askFiles(ask, await programsOf(directory, reference));
  const documents = typed.documents.length > 0 ? typed.documents : guesses.documents;
  return { ...typed, reference, version, description, license, source, files, documents };
}

/** Programs with the name under which it will be published. */
async function programsOf(directory: string, reference: string | null): Promise<readonly string[]> {
  const name = (reference ?? "").slice((reference ?? "").lastIndexOf("/") + 1);
  return findPrograms(directory, name);
}

type Ask = (question: string, guess: string | null) => Promise<string | null>;

/** Enter alone accepts the guess. */
function asker({ report, yes }: Context): Ask {
  return async (question, guess) => {
    if (yes) return guess;
    const answer = await report.prompt(`${question}${guess === null ? "" : ` [${guess}]`}:`, { hidden: false });
    return answer === null || answer.trim() === "" ? guess : answer.trim();
  };
}

/** Asks for all files on one line. */
async function askFiles(ask: Ask, guesses: readonly string[]): Promise<readonly string[]> {
  const question = "Program, as FILE@os/arch; several separated by spaces";
  const answer = await ask(question, guesses.length === 0 ? null : guesses.join(" "));
  return answer === null ? [] : answer.split(/\s+/);
}
