import type { BundleUse } from "../../bundles/use-bundle.ts";
import { PkgError } from "../../errors.ts";
import { installPlan } from "../../install/install.ts";
import type { InstallPlan } from "../../install/install-outcome.ts";
import { planInstall } from "../../install/plan-install.ts";
import { fileToSave, saveInstalled } from "../../install/save-declared.ts";
import { publicKeyText } from "../../keys/read-public-key.ts";
import type { Check } from "../../package/policy.ts";
import { askingUntilNo, choosingWith } from "../asker.ts";
import { changeLines, changeTotals } from "../change-lines.ts";
import { ALLOW_STALE, defineCommand, finishWith, INSECURE_SKIP, waiversOf } from "../command.ts";
import { ALLOW_DOWNGRADE, ALLOW_NAME, consentTo, givenBy, REPLACE, SIGNED_AS } from "../consent.ts";
import type { Context } from "../context.ts";

/** What was typed about an image. */
function wishOf(args: { readonly program: readonly string[]; readonly "with-libraries": boolean }) {
  const wish = { programs: args.program, withLibraries: args["with-libraries"] };
  return wish.programs.length > 0 || wish.withLibraries ? { image: wish } : {};
}

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", {
        type: "string",
        array: true,
        default: [],
        description:
          "Names as [family/]name[#id][@version][:repository], references, or places such as oci:DIR:TAG and ./tools.tar",
      })
      .option("force", { type: "boolean", default: false, description: "Move aside a file that is in the way" })
      .option("reinstall", {
        type: "boolean",
        default: false,
        description: "Install anew what is installed, in its newest version",
      })
      .option("from", {
        type: "string",
        requiresArg: true,
        value: "bundle",
        description: "Fetch from this bundle alone: a file or directory that `pkg bundle create` wrote",
      })
      .option("as", {
        type: "string",
        requiresArg: true,
        value: "name",
        description: "Install it under this name, beside another version of it",
      })
      .option("save", {
        type: "boolean",
        default: false,
        description: "Write them into packages.toml, the project's own or else the user-wide one",
      })
      .options(REPLACE)
      .option("key", {
        type: "string",
        requiresArg: true,
        description: "The publisher's minisign public key or its file, for references",
      })
      .option("program", {
        type: "string",
        array: true,
        nargs: 1,
        requiresArg: true,
        default: [],
        description: "A program of a container image, by its name or path; may be repeated",
      })
      .option("with-libraries", {
        type: "boolean",
        default: false,
        description: "Of a container image, place its dynamic linker and libraries beside the program",
      })
      .option("portable", {
        type: "boolean",
        default: false,
        description: "Give an AppImage a home and a configuration of its own, beside it",
      })
      .options(SIGNED_AS)
      .options(ALLOW_DOWNGRADE)
      .options(ALLOW_NAME)
      .options(INSECURE_SKIP)
      .options(ALLOW_STALE)
      .example("$0 install trurl", "The newest version")
      .example("$0 add trurl@^8 --save", "And into packages.toml, with its range")
      .example("$0 install trurl@8.13 git#ppkg.bundle.git.stable", "A version; one of several packages of a name")
      .example("$0 install trurl@8.13 --as trurl8", "A second one, with the command trurl8")
      .example("$0 install ghcr.io/me/tools/trurl:8.14.1", "Straight from a registry")
      .example("$0 install ghcr.io/astral-sh/uv --program uv --program uvx", "Two programs of a container image")
      .example("$0 install --from air-gap.tar", "Without any network, all that a bundle was made for")
      .example("$0 install oci:layout:8.14.1", "From an OCI layout on this machine; ./tools.tar: from a tar of one"),
  dryRun: true,
  run: async (outer, args) => {
    const { from, packages } = args;
    if (from === undefined) {
      if (packages.length === 0) throw nothingNamed();
      return installNamed(outer, args, null);
    }
    const { useBundle } = await import("../../bundles/use-bundle.ts");
    const request = { from, specs: packages, allowStale: args["allow-stale"], dryRun: outer.dryRun };
    const use = await useBundle(outer, request);
    try {
      return await installNamed(use.context, { ...args, packages: use.specs }, use);
    } finally {
      await use.close();
    }
  },
});

interface InstallArguments {
  readonly packages: readonly string[];
  readonly reinstall: boolean;
  readonly as: string | undefined;
  readonly save: boolean;
  readonly force: boolean;
  readonly replace: boolean;
  readonly portable: boolean;
  readonly key: string | undefined;
  readonly program: readonly string[];
  readonly "with-libraries": boolean;
  readonly "allow-downgrade": boolean;
  readonly "allow-name": readonly string[];
  readonly "signed-as": readonly string[];
  readonly "insecure-skip": readonly Check[];
  readonly "allow-stale": boolean;
}

/** @param bundle the only place that anything comes from; null: wherever it is */
async function installNamed(context: Context, args: InstallArguments, bundle: BundleUse<Context> | null) {
  const asking = askingUntilNo(context.report);
  const file = args.save ? fileToSave(context, context.workingDirectory) : null;
  const planned = await planInstall(context, {
    specs: args.packages,
    reinstall: args.reinstall,
    dryRun: context.dryRun,
    skip: waiversOf(args),
    key: args.key === undefined ? null : publicKeyText(args.key, "--key", context.workingDirectory),
    directory: context.workingDirectory,
    ...wishOf(args),
    ...(args.as === undefined ? {} : { as: args.as }),
    choose: choosingWith(context, asking),
  });
  const plan = bundle === null ? planned : await reduced(planned, { ...bundle, host: context.config.host });
  const consent = await consentTo({ ...context, report: asking }, plan.questions, givenBy(args));
  const { outcome, errors } = await installPlan(context, plan, {
    force: args.force,
    dryRun: context.dryRun,
    consent,
    portable: args.portable,
  });
  context.report.result(outcome, () => changeLines(outcome, context.report.style));
  if (file !== null && !context.dryRun) {
    const failed = new Set(outcome.packages.flatMap(({ action, name }) => (action === "fail" ? [name] : [])));
    const words = args.packages.flatMap((word) => (failed.has(word) ? [] : (args.as ?? word)));
    await saveInstalled(context, { file, words, directory: context.workingDirectory });
  }
  return finishWith(context, errors, changeTotals(outcome));
}

/** What a bundle has of a plan. */
async function reduced(planned: InstallPlan, contents: BundleUse<Context> & { readonly host: string }) {
  const { onlyBundled } = await import("../../bundles/only-bundled.ts");
  return onlyBundled(planned, contents);
}

function nothingNamed(): PkgError {
  return new PkgError("USAGE", "Cannot install: no package is named", {
    hint: "Type pkg install NAME, or pkg install --from FILE for all that a bundle was made for",
  });
}
