import type { Display, TaskEvent } from "./display.ts";

/** A display for pipes, files and CI: one line when a task ends, and with `verbose` also its start and its steps. */
export function createPlainDisplay(writeLine: (line: string) => void, verbose: boolean): Display {
  const titles = new Map<string, string>();
  return {
    active: false,
    task(event) {
      if (event.kind === "task-started") titles.set(event.id, event.title);
      const what = describe(event, verbose);
      if (what !== null) writeLine(`${titles.get(event.id) ?? event.id}: ${what}`);
    },
    status: () => undefined,
    close: async () => undefined,
  };
}

function describe(event: TaskEvent, verbose: boolean): string | null {
  switch (event.kind) {
    case "task-started":
      return verbose ? "started" : null;
    case "task-progress":
      return null;
    case "task-step":
      return verbose ? event.step : null;
    case "task-done":
      return event.summary === "" ? "done" : event.summary;
    case "task-failed":
      return "failed";
  }
}
