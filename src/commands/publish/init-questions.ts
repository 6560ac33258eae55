import { problemWith } from "../../publish/check-answer.ts";
import { findPrograms, guessPublication } from "../../publish/guess-publication.ts";
import { withNamedVersion } from "../../publish/named-version.ts";
import type { TypedPublication } from "../../publish/read-publication.ts";
import type { Context } from "../context.ts";

/**
 * Completes what was typed with answers from a terminal, and then with guesses. What was typed is checked before anything is
 * asked, and an answer that will not do is asked for again. Nothing is asked with --yes or without a terminal.
 *
 * @param manifest what messages call the file that is written
 * @returns null when the input ends before all is answered, as with Ctrl-D: whoever does that wants nothing to be written
 * @throws {PkgError} PUBLISH_INVALID for what was typed
 */
export async function completePublication(
  context: Context,
  request: TypedPublication,
  manifest: string,
): Promise<TypedPublication | null> {
  const directory = context.workingDirectory;
  const problem = await problemWith(request, { directory, name: manifest });
  if (problem !== null) throw problem;
  const guesses = guessPublication(directory);
  const { ask, hasEnded } = asker(context, manifest);
  const named = withNamedVersion({
    ...request,
    reference:
      request.reference ??
      (await ask({
        question: "Where to publish it, e.g. ghcr.io/me/tools/trurl",
        guess: guesses.reference,
        part: asReference,
        isNeeded: true,
      })),
  });
  const { reference } = named;
  const version =
    named.version ?? (await ask({ question: "Version", guess: guesses.version, part: asVersion, isNeeded: true }));
  const description =
    named.description ?? (await ask({ question: "What it does, in a sentence", guess: null, part: asDescription }));
  const license =
    named.license ??
    (await ask({ question: "License, as an SPDX expression", guess: guesses.license, part: asLicense }));
  const source =
    named.source ?? (await ask({ question: "Address of the source code", guess: guesses.source, part: asSource }));
  const files = named.files.length > 0 ? named.files : await askFiles(ask, await programsOf(directory, reference));
  const documents = named.documents.length > 0 ? named.documents : guesses.documents;
  return hasEnded() ? null : { ...named, reference, version, description, license, source, files, documents };
}

const asReference = (reference: string) => ({ reference });
const asVersion = (version: string) => ({ version });
const asDescription = (description: string) => ({ description });
const asLicense = (license: string) => ({ license });
const asSource = (source: string) => ({ source });
const asFiles = (text: string) => ({ files: text.split(/\s+/) });

/** Programs with the name under which it will be published. */
async function programsOf(directory: string, reference: string | null): Promise<readonly string[]> {
  const name = (reference ?? "").slice((reference ?? "").lastIndexOf("/") + 1);
  return findPrograms(directory, name);
}

interface Question {
  readonly question: string;
  /** What Enter alone means; null: nothing. */
  readonly guess: string | null;
  /** Asked again until there is an answer. */
  readonly isNeeded?: true;
  /** The part of the publication that an answer is. */
  readonly part: (answer: string) => Partial<TypedPublication>;
}

type Ask = (question: Question) => Promise<string | null>;

interface Asker {
  readonly ask: Ask;
  /** Whether the input ended before an answer. */
  readonly hasEnded: () => boolean;
}

/** Asks until the answer will do; nothing any more once the input has ended. */
function asker({ report, yes, workingDirectory: directory, emit }: Context, manifest: string): Asker {
  let isOver = false;
  const ask: Ask = async ({ question, guess, part, isNeeded }) => {
    if (yes || !report.converses) return guess;
    while (!isOver) {
      const answer = await report.prompt(`${question}${guess === null ? "" : ` [${guess}]`}:`, { hidden: false });
      isOver = answer === null;
      if (answer === null) break;
      const meant = answer.trim() === "" ? guess : answer.trim();
      if (meant === null && isNeeded === true) {
        emit({ kind: "note", message: "This has to be answered; Ctrl-C ends without writing anything" });
        continue;
      }
      const problem = meant === null ? null : await problemWith(part(meant), { directory, name: manifest });
      if (problem === null) return meant;
      emit({ kind: "note", message: problem.message, more: problem.hint === undefined ? [] : [problem.hint] });
    }
    return null;
  };
  return { ask, hasEnded: () => isOver };
}

/** Asks for all files on one line. */
async function askFiles(ask: Ask, guesses: readonly string[]): Promise<readonly string[]> {
  const answer = await ask({
    question: "Program, as FILE@os/arch; several separated by spaces",
    guess: guesses.length === 0 ? null : guesses.join(" "),
    part: asFiles,
    isNeeded: true,
  });
  return answer === null ? [] : answer.split(/\s+/);
}
