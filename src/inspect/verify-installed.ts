import type { Capabilities } from "../capabilities/capabilities.ts";
import type { WithErrors } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import { mustBeInstalled } from "../install/remove.ts";

/** What was found for each package. */
export interface VerifyOutcome {
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly state: "ok" | "damaged";
    readonly files: readonly {
      readonly path: string;
      readonly state: "ok" | "missing" | "changed";
      readonly expected?: string;
      readonly found?: string;
    }[];
  }[];
}

/**
 * Hashes again what is installed; a package is damaged if any of its files or links is not as it was placed.
 *
 * @throws {PkgError} NOT_INSTALLED
 */
export async function verifyInstalled(
  cap: Pick<Capabilities, "state" | "signal" | "emit">,
  names: readonly string[],
): Promise<WithErrors<VerifyOutcome>> {
  const state = await cap.state();
  const chosen = names.length === 0 ? state.installations.list() : names.map((name) => mustBeInstalled(state, name));
  const packages: VerifyOutcome["packages"][number][] = [];
  const errors: PkgError[] = [];
  for (const installation of chosen) {
    const { name, version } = installation;
    cap.emit({ kind: "task-started", id: name, title: `verify ${name}`, totalBytes: installation.sizeBytes });
    const files = await state.profile.verify(installation, cap.signal);
    const bad = files.filter((file) => file.state !== "ok");
    packages.push({ name, version, state: bad.length === 0 ? "ok" : "damaged", files });
    cap.emit({ kind: "task-done", id: name, summary: bad.length === 0 ? "ok" : "damaged" });
    if (bad.length > 0) {
      const list = bad.map((file) => `"${file.path}" is ${file.state}`).join(", ");
      errors.push(
        new PkgError("INTEGRITY", `Cannot vouch for "${name}" ${version}: ${list}`, {
          hint: `Run \`pkg install --reinstall ${name}\``,
        }),
      );
    }
  }
  return { outcome: { packages }, errors };
}
