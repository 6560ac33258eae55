import { type ForeseenEnvironment, foreseeEnvironment } from "../../environments/foresee-environment.ts";
import type { ObtainRequest } from "../../environments/obtain-environment.ts";
import { shortPlacePaths } from "../../environments/temporary-place.ts";
import { type ExitCode, hasCode } from "../../errors.ts";
import { columns } from "../../report/columns.ts";
import { formatBytes } from "../../report/units.ts";
import { finishWith } from "../command.ts";
import type { Context } from "../context.ts";

/** Says what would be run, or put together, and does neither. @param installed the path of the program, if it is installed */
export async function foretell(context: Context, request: ObtainRequest, installed: string | null): Promise<ExitCode> {
  if (installed !== null) {
    const outcome = { dryRun: true, path: installed, environment: null, isReady: true, packages: [] };
    context.report.result(outcome, () => [`Would run ${installed}, which is installed`]);
    return finishWith(context, []);
  }
  const { outcome, errors } = await foreseen(context, request);
  context.report.result({ dryRun: true, path: null, ...outcome }, () => lines(outcome));
  return finishWith(context, errors);
}

/** A bottle that cannot be poured in the home is poured in a place that has no name yet. */
async function foreseen(context: Context, request: ObtainRequest): ReturnType<typeof foreseeEnvironment> {
  const inHome = await foreseeEnvironment(context, request);
  if (!inHome.errors.some((error) => hasCode(error, "RELOCATION_FAILED"))) return inHome;
  return await foreseeEnvironment(context.at(shortPlacePaths()), request);
}

function lines({ environment, isReady, packages }: ForeseenEnvironment): readonly string[] {
  const rows = packages.flatMap((item) =>
    "error" in item
      ? []
      : [[`  ${item.name}`, item.version, item.sizeBytes === null ? "" : formatBytes(item.sizeBytes), item.reference]],
  );
  if (rows.length === 0) return [];
  return [isReady ? `Would use ${environment}:` : "Would fetch and verify:", ...columns(rows)];
}
