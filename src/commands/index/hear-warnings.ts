import type { Context } from "../context.ts";

/** A context whose warnings are noted down, for the document that `--json` prints; a person is told as well. */
export function hearWarnings(context: Context): { readonly context: Context; readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const emit: Context["emit"] = (event) => {
    if (event.kind === "warning") warnings.push(event.message);
    context.emit(event);
  };
  return { context: { ...context, emit }, warnings };
}
