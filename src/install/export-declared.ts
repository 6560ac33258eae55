import type { Capabilities } from "../capabilities/capabilities.ts";
import type { Config } from "../config/config.ts";
import { packagesText } from "../declare/write-packages.ts";
import { checkOutput, writeOutput } from "../fs/output-file.ts";
import type { Installation } from "../package/installation.ts";
import { declareInstalled } from "./declare-installed.ts";

/** What `pkg export` was asked for. */
export interface ExportRequest {
  /** Where the file is written to; null: nowhere, its text is the result. */
  readonly output: string | null;
  readonly force: boolean;
  /** True: it is only checked that it could be written. */
  readonly dryRun: boolean;
  /** Whether versions are those that are installed, instead of what was asked for. */
  readonly isExact: boolean;
}

/** What is declared of what is installed. */
export interface Exported {
  /** Null where nothing is written. */
  readonly path: string | null;
  readonly packages: readonly Pick<Installation, "name" | "version" | "repository" | "requested">[];
  readonly content: string;
}

/** Declares what is installed and was asked for; dependencies follow from that. @throws {PkgError} as writeOutput */
export async function exportDeclared(
  { config, records }: Pick<Capabilities, "config" | "records">,
  { output, force, isExact, dryRun }: ExportRequest,
): Promise<Exported> {
  if (output !== null) checkOutput({ path: output, force });
  const { installations } = await records();
  const asked = installations
    .list()
    .flatMap(({ name, isDependency }) => (isDependency ? [] : (installations.get(name) ?? [])));
  const how = { namesRepository: hasSeveral(config), isExact };
  const declared = asked.map((item) => declareInstalled(item, how));
  const content = packagesText(declared, addressesOf(config, asked));
  const packages = asked.map(({ name, version, repository, requested }) => ({ name, version, repository, requested }));
  if (output !== null) await writeOutput({ path: output, force, dryRun }, [Buffer.from(content)]);
  return { path: dryRun ? null : output, packages, content };
}

/** Whether a name may mean a package of one repository or of another. */
export function hasSeveral({ repositories }: Pick<Config, "repositories">): boolean {
  return repositories.filter(({ enabled }) => enabled).length > 1;
}

/** The addresses of the repositories that something is from, but for those that the program knows by itself. */
function addressesOf({ repositories }: Config, asked: readonly Installation[]): ReadonlyMap<string, string> {
  const used = new Set(asked.map(({ repository }) => repository));
  const own = repositories.filter(({ name, isBuiltInAddress }) => used.has(name) && !isBuiltInAddress);
  return new Map(own.map(({ name, url }) => [name, url]));
}
