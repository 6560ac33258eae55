import type { EmitEvent } from "../base/events.ts";
import { isPortableMark } from "../package/holdings.ts";
import type { Installations } from "../state/installations.ts";
import type { InstalledItem } from "./install-outcome.ts";

/** Says which packages `--portable` changes nothing of, and why. */
export function tellNotPortable({
  items,
  installations,
  emit,
}: {
  readonly items: readonly InstalledItem[];
  readonly installations: Pick<Installations, "get">;
  readonly emit: EmitEvent;
}): void {
  for (const { action, name } of items) {
    const installed = action === "fail" || action === "plan" || action === "remove" ? null : installations.get(name);
    const isAsked = installed !== null && !installed.isDependency;
    if (!isAsked || installed.files.some(({ path }) => isPortableMark(path))) continue;
    const isAppImage = installed.type.toLowerCase().endsWith("appimage");
    const why = isAppImage ? "is installed already; add --reinstall" : "is no AppImage";
    emit({ kind: "warning", message: `${name} ${why}: --portable changes nothing of it` });
  }
}
