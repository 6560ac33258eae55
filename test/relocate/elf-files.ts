/**
 * Relocates real programs and libraries, and prints what became of them: `npm run elf-files -- COUNT [DIRECTORY | FILE.deb]…`.
 * Those of the places named are all taken, and as many of this machine's as are missing.
 */
import { resolve } from "node:path";
import type { Cleanup } from "../support/temp-home.ts";
import { compileLoader, prefixOf, publicDirectory } from "./built.ts";
import { filesOf, machineFiles } from "./elf-sources.ts";
import { type Outcome, tryElf, type Variant } from "./elf-trial.ts";

interface Tried {
  readonly original: string;
  readonly variant: Variant;
  readonly outcome: Outcome;
}

const VARIANTS: readonly Variant[] = ["as it is", "with appended data", "as it is", "without notes"];
const WORKERS = 2;

async function main(test: Cleanup): Promise<void> {
  const [count = "400", ...places] = process.argv.slice(2);
  const named = places.flatMap((place) => filesOf(test, resolve(place)));
  const files = [...named, ...machineFiles(Math.max(0, Number(count) - named.length))];
  const tried = await tryAll(test, files);
  console.log(`${kindTable(tried)}\n\n${reasonTable(tried)}`);
  if (tried.some(({ outcome }) => outcome.result === "failed")) process.exitCode = 1;
}

async function tryAll(test: Cleanup, files: readonly string[]): Promise<readonly Tried[]> {
  const [prefixes, loader] = [[prefixOf(test, 12), prefixOf(test, 60)], compileLoader(test)];
  const tried: Tried[] = [];
  const queue = files.entries();
  const work = async () => {
    for (const [index, original] of queue) {
      const variant = VARIANTS[index % VARIANTS.length] ?? "as it is";
      const directories = new Directories();
      const outcome = await tryElf({ original, variant, directory: publicDirectory(directories), prefixes, loader });
      await directories.remove();
      if (outcome.result === "failed") console.error(`${original}, ${variant}: ${outcome.why}`);
      tried.push({ original, variant, outcome });
      if (process.stderr.isTTY) process.stderr.write(`\r${tried.length} of ${files.length}`);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return tried;
}

/** What is removed when its work is done. */
class Directories implements Cleanup {
  readonly #works: (() => void | Promise<void>)[] = [];

  after(work: () => void | Promise<void>): void {
    this.#works.push(work);
  }

  async remove(): Promise<void> {
    for (const work of this.#works) await work();
  }
}

const RESULTS = ["passed", "unchanged", "refused", "not patchable", "failed"] as const;

function kindTable(tried: readonly Tried[]): string {
  const groups = Map.groupBy(tried, ({ outcome: { kind } }) =>
    kind === null ? "cannot be read" : `${kind.language}, ${kind.form}`,
  );
  const variants = Map.groupBy(tried, ({ variant }) => variant);
  const withTls = tried.filter(({ outcome }) => outcome.kind?.hasTls === true);
  const rows = [...[...groups].toSorted(), ...[...variants].toSorted(), ["with TLS", withTls], ["all", tried]] as const;
  return [
    `| what | files | ${RESULTS.join(" | ")} |`,
    `|---|---|${"---|".repeat(RESULTS.length)}`,
    ...rows.map(([name, group]) => `| ${name} | ${group.length} | ${countsOf(group).join(" | ")} |`),
  ].join("\n");
}

function countsOf(group: readonly Tried[]): readonly number[] {
  return RESULTS.map((result) => group.filter(({ outcome }) => outcome.result === result).length);
}

function reasonTable(tried: readonly Tried[]): string {
  const reasons = tried.flatMap(({ original, outcome }) => ("why" in outcome ? [{ original, ...outcome }] : []));
  const groups = Map.groupBy(reasons, ({ result, why }) => `${result} | ${why.replaceAll("\n", " ").slice(0, 200)}`);
  return [
    "| result | why | files | one of them |\n|---|---|---|---|",
    ...[...groups].map(([reason, group]) => `| ${reason} | ${group.length} | ${group[0]?.original} |`),
  ].join("\n");
}

const everything = new Directories();
try {
  await main(everything);
} finally {
  await everything.remove();
}
