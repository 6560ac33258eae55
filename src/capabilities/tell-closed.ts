import type { EmitEvent } from "../base/events.ts";

/** Tells that a home was closed to other users, who may have run programs from it. */
export function tellClosed(emit: EmitEvent): (directory: string) => void {
  return (directory) =>
    emit({
      kind: "note",
      message: `Closed "${directory}" to other users. If they run programs from it, open it again with \`chmod 755 ${directory}\`: it then stays so`,
    });
}
