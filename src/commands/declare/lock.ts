import { PkgError } from "../../errors.ts";
import { type LockOutcome, makeLock } from "../../lock/make-lock.ts";
import { columns } from "../../report/columns.ts";
import { askingUntilNo, choosingWith } from "../asker.ts";
import { ALLOW_STALE, defineCommand, finishWith, waiversOf } from "../command.ts";
import { excludes } from "../option-rules.ts";
import { inDeclaredProfile } from "./in-declared-profile.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("file", {
        type: "string",
        description: "packages.toml or a Brewfile; default: the project's own, else the user-wide one",
      })
      .option("platform", {
        type: "string",
        array: true,
        nargs: 1,
        default: [],
        description: "A platform such as linux/arm64, or aarch64-linux; may be repeated; default: as the file says",
      })
      .option("check", {
        type: "boolean",
        default: false,
        description: "Write nothing, and fail unless the lock file is up to date",
      })
      .option("frozen", { type: "boolean", default: false, description: "The same" })
      .option("upgrade", { type: "boolean", default: false, description: "Resolve everything anew" })
      .option("upgrade-package", {
        type: "string",
        array: true,
        nargs: 1,
        default: [],
        description: "Resolve one package of the file anew; may be repeated",
      })
      .options(ALLOW_STALE)
      .example("$0 lock", "Write packages.lock beside packages.toml")
      .example("$0 lock --platform linux/amd64 --platform linux/arm64", "For two platforms")
      .example("$0 lock --upgrade", "To the newest versions that packages.toml admits"),
  rules: [excludes("upgrade", ["upgrade-package"], "everything is resolved anew")],
  dryRun: true,
  run: (outer, args) =>
    inDeclaredProfile(outer, args.file ?? null, async (context) => {
      const isCheck = args.check || args.frozen;
      const { outcome, errors } = await makeLock(context, {
        file: args.file ?? null,
        directory: context.workingDirectory,
        platforms: args.platform,
        upgrade: args.upgrade ? "all" : args["upgrade-package"],
        readsOnly: isCheck || context.dryRun,
        skip: waiversOf(args),
        choose: choosingWith(context, askingUntilNo(context.report)),
      });
      context.report.result(outcome, () => lockLines(outcome, { hasFailed: errors.length > 0, isCheck }));
      const isStale = isCheck && errors.length === 0 && outcome.changed.length > 0;
      return isStale ? finishWith(context, [stale(outcome)]) : finishWith(context, errors);
    }),
});

function lockLines(
  { path, packages, changed, written }: LockOutcome,
  { hasFailed, isCheck }: { readonly hasFailed: boolean; readonly isCheck: boolean },
): readonly string[] {
  if (hasFailed) return [];
  const rows = changed.map(({ name, platform, previousVersion, version }) => [
    `${previousVersion === null ? "+" : version === null ? "-" : "~"} ${name}`,
    [...new Set([previousVersion, version])].filter((one) => one !== null).join(" → "),
    platform,
  ]);
  const count = `${packages.length} ${packages.length === 1 ? "package" : "packages"}`;
  const end =
    changed.length === 0 && !written
      ? `${path} is up to date: ${count}`
      : written
        ? `${path} is written: ${count}`
        : isCheck
          ? null
          : `${path} would be written: ${count}`;
  return [...columns(rows), ...(end === null ? [] : [end])];
}

function stale({ path, changed }: LockOutcome): PkgError {
  const names = [...new Set(changed.map(({ name }) => name))];
  return new PkgError("LOCK_STALE", `Cannot use "${path}": it is not up to date: ${names.join(", ")}`, {
    hint: "Run `pkg lock`",
  });
}
