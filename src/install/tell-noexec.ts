import { join } from "node:path";
import { isOnNoexec, NOEXEC, NOEXEC_CURE } from "../fs/noexec.ts";
import type { PlacedPrograms } from "./tell-search-path.ts";

/** Says when programs that were just placed can be found, but not started. */
export function tellNoexec({ config, emit, items }: Pick<PlacedPrograms, "config" | "emit" | "items">): void {
  const links = items.flatMap((item) => ("links" in item ? item.links : []));
  const path = links.map((link) => join(config.paths.bin, link)).find(isOnNoexec);
  if (path === undefined) return;
  emit({ kind: "warning", message: `"${path}" cannot be started: ${NOEXEC}. ${NOEXEC_CURE}` });
}
