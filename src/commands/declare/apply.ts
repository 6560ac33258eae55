import { useBundle } from "../../bundles/use-bundle.ts";
import { installPlan } from "../../install/install.ts";
import type { InstallOutcome, InstallPlan } from "../../install/install-outcome.ts";
import { planDeclared } from "../../install/plan-declared.ts";
import { planLocked } from "../../install/plan-locked.ts";
import type { Check } from "../../package/policy.ts";
import { type Asking, askingUntilNo, choosingWith } from "../asker.ts";
import { changeLines, changeTotals } from "../change-lines.ts";
import { ALLOW_STALE, type CommandEnd, defineCommand, finishWith, INSECURE_SKIP, waiversOf } from "../command.ts";
import { ALLOW_DOWNGRADE, ALLOW_NAME, consentTo, givenBy, REPLACE, SIGNED_AS } from "../consent.ts";
import type { Context } from "../context.ts";
import { needs } from "../option-rules.ts";
import { inDeclaredProfile } from "./in-declared-profile.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("file", {
        type: "string",
        description: "packages.toml or a Brewfile; default: the project's own, else the user-wide one",
      })
      .option("prune", {
        type: "boolean",
        default: false,
        description: "Remove what is not in the file, and nothing in it needs",
      })
      .option("locked", {
        type: "boolean",
        default: false,
        description: "Install exactly what packages.lock says, or nothing; no index is read",
      })
      .option("frozen", { type: "boolean", default: false, description: "The same as --locked" })
      .option("from", {
        type: "string",
        requiresArg: true,
        value: "bundle",
        description: "With --locked, fetch from this bundle alone: what `pkg bundle create --lock` wrote",
      })
      .option("force", { type: "boolean", default: false, description: "Move aside a file that is in the way" })
      .options(REPLACE)
      .options(SIGNED_AS)
      .options(ALLOW_DOWNGRADE)
      .options(ALLOW_NAME)
      .options(INSECURE_SKIP)
      .options(ALLOW_STALE)
      .example("$0 apply", "What packages.toml says, in this directory or one above it")
      .example("$0 apply Brewfile --dry-run", "What would change")
      .example("$0 apply --locked", "Exactly what `pkg lock` has written down")
      .example("$0 apply --locked --from project.tar", "The same, without a network")
      .example("$0 apply packages.toml --prune", "Nothing but what the file says"),
  dryRun: true,
  rules: needs(["from"], "locked"),
  run: (outer, args) =>
    inDeclaredProfile(outer, args.file ?? null, async (context) => {
      const { from, "allow-stale": allowStale } = args;
      if (from === undefined) return applyFile(context, args);
      const use = await useBundle(context, { from, specs: null, allowStale, dryRun: context.dryRun });
      try {
        return await applyFile(use.context, args);
      } finally {
        await use.close();
      }
    }),
});

interface ApplyArguments {
  readonly file: string | undefined;
  readonly prune: boolean;
  readonly locked: boolean;
  readonly frozen: boolean;
  readonly force: boolean;
  readonly replace: boolean;
  readonly "allow-downgrade": boolean;
  readonly "allow-name": readonly string[];
  readonly "signed-as": readonly string[];
  readonly "insecure-skip": readonly Check[];
  readonly "allow-stale": boolean;
}

async function applyFile(context: Context, args: ApplyArguments): Promise<CommandEnd> {
  const asking = askingUntilNo(context.report);
  const isLocked = args.locked || args.frozen;
  const request = {
    file: args.file ?? null,
    directory: context.workingDirectory,
    prune: args.prune,
    dryRun: context.dryRun,
    skip: waiversOf(args),
  };
  const { file, plan } = isLocked
    ? await planLocked(context, request)
    : await planDeclared(context, { ...request, choose: choosingWith(context, asking) });
  const consent = await consentTo({ ...context, report: asking }, plan.questions, givenBy(args));
  const agreed = await withoutUnlessAgreed({ ...context, report: asking }, plan, file);
  const options = { force: args.force, dryRun: context.dryRun, consent, isWhole: isLocked };
  const { outcome, errors } = await installPlan(context, agreed, options);
  context.report.result({ ...outcome, path: file }, () => applyLines(outcome, file, context.report.style));
  return finishWith(context, errors, changeTotals(outcome));
}

type Asker = Pick<Context, "yes" | "dryRun"> & { readonly report: Pick<Asking, "confirm"> };

const MAX_NAMED = 10;

/** The plan without its removals, if a person who is asked says no. */
async function withoutUnlessAgreed(
  { yes, dryRun, report }: Asker,
  plan: InstallPlan,
  file: string,
): Promise<InstallPlan> {
  const { released = [] } = plan.plan;
  if (released.length === 0 || yes || dryRun) return plan;
  const names = released.map(({ name }) => name);
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : "";
  const what = `${names.slice(0, MAX_NAMED).join(", ")}${more}`;
  if (await report.confirm(`Remove what "${file}" does not name: ${what}?`, true)) return plan;
  return { ...plan, plan: { ...plan.plan, released: [] } };
}

function applyLines(outcome: InstallOutcome, file: string, style: Context["report"]["style"]): readonly string[] {
  if (outcome.packages.every(({ action }) => action === "keep")) return [`Nothing to do: all is as "${file}" says`];
  return changeLines(outcome, style);
}
