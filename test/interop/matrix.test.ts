import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { tempDirectory } from "../support/temp-home.ts";
import { cellsOf, createWorld, runCell, type World, whyNotRun } from "./cells.ts";
import type { ServerProcess } from "./process.ts";
import { SERVERS } from "./servers.ts";

for (const server of SERVERS) {
  const skip = server.tool.kind === "absent" ? server.tool.reason : false;
  suite(`at ${server.name}`, { skip }, () => {
    let running: ServerProcess | undefined;
    let world: World | undefined;
    // Stopped before its directory goes.
    after(() => running?.stop());
    const directory = tempDirectory({ after });

    before(async () => {
      mkdirSync(join(directory, "server"));
      running = await server.start(join(directory, "server"));
      world = createWorld(running.host, join(directory, "clients"));
    });

    for (const cell of cellsOf(server)) {
      test(`${cell.client.name} ${cell.operation}`, { skip: whyNotRun(cell) ?? false }, async () => {
        if (world === undefined) throw new Error("the registry did not start");
        await runCell(cell, world);
      });
    }
  });
}
