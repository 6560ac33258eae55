import { addBundle, type BundledRepository } from "../../bundles/add-bundle.ts";
import { EXIT_CODES, PkgError } from "../../errors.ts";
import { formulaKeyText } from "../../keys/formula-key-text.ts";
import { publicKeyText } from "../../keys/read-public-key.ts";
import { type AddedRepository, addRepository } from "../../repositories/add-repository.ts";
import { changing } from "../changing.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { needs, wholeNumber } from "../option-rules.ts";
import { addedLines, bundledLines } from "./lines.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("repository", {
        type: "string",
        demandOption: true,
        description: "A name for it; or where its index is, which then supplies the name",
      })
      .positional("url", {
        type: "string",
        description: "Where its index is: an address, a reference, a layout, a file, a directory; or a bundle",
      })
      .option("name", {
        type: "string",
        requiresArg: true,
        description: "What to call it, where only a place is given",
      })
      .option("kind", {
        type: "string",
        choices: ["index", "homebrew"],
        default: "index" as const,
        requiresArg: true,
        description: "What is there: index, a document that lists packages; or homebrew, formulae",
      })
      .option("key", {
        type: "string",
        array: true,
        nargs: 1,
        default: [] as readonly string[],
        description: "A public key, or its file, that may sign its index; may be repeated",
      })
      .option("threshold", { type: "number", requiresArg: true, description: "How many of the keys have to sign" })
      .option("unsigned-index", {
        type: "boolean",
        default: false,
        description: "The keys sign only its packages: take an index of an older form unsigned",
      })
      .example("$0 repo add ghcr.io/me/index", "One in a registry: its keys are shown and pinned")
      .example("$0 repo add tools https://example.org/index.json.zst --key RWQ…", "One more, with its key")
      .example("$0 repo add ./air-gap.tar", "A bundle, which its packages are read from, without a network")
      .example("$0 repo add ./air-gap.tar --dry-run", "What that would add, and by which keys")
      .example(
        "$0 repo add mirror https://brew.example.org/api --kind homebrew --offline",
        "A mirror of Homebrew's formulae, which the next sync fetches",
      ),
  rules: [wholeNumber("threshold", 1), ...needs(["threshold", "unsigned-index"], "key")],
  dryRun: true,
  writesConfig: true,
  run: async (
    context,
    { repository, url, name, kind, key: keys, threshold = null, "unsigned-index": unsignedIndex },
  ) => {
    const wanted = {
      ...placeOf(repository, url, name),
      keys: keys.map((key) => keyText(key, kind, context.workingDirectory)),
      ...{ threshold, unsignedIndex, directory: context.workingDirectory },
    };
    const { dryRun } = context;
    const add = async (cap: Context) => {
      const bundled = await addBundle(cap, { ...wanted, from: wanted.place });
      return bundled ?? (await addRepository(cap, { ...wanted, kind }));
    };
    const added = await changing(context, [], add);
    const { configFile } = context.config.paths;
    tell(
      context,
      [added].flat().map((one) => ({ ...one, configFile, dryRun })),
      Array.isArray(added),
    );
    return EXIT_CODES.done;
  },
});

type Added = (AddedRepository | BundledRepository) & { readonly dryRun: boolean };

function tell({ report }: Context, [first, ...others]: readonly Added[], isBundle: boolean): void {
  const all = first === undefined ? [] : [first, ...others];
  report.result(isBundle ? { ...first, others } : { ...first }, () =>
    all.flatMap((added) => ("bundle" in added ? bundledLines(added, report.style) : addedLines(added, report.style))),
  );
}

function keyText(text: string, kind: "index" | "homebrew", directory: string): string {
  return kind === "homebrew" ? formulaKeyText(text, "--key", directory) : publicKeyText(text, "--key", directory);
}

/** `add NAME URL`, or `add URL`, whose name is that of `--name` or of the index. */
function placeOf(first: string, url: string | undefined, name: string | undefined) {
  if (url === undefined) return { name: name ?? null, place: first };
  if (name === undefined) return { name: first, place: url };
  throw new PkgError("USAGE", `Cannot add a repository: it is named twice, "${first}" and "${name}"`, {
    hint: `Type pkg repo add ${url} --name ${name}`,
  });
}
