/**
 * Runs every client against every registry: `npm run interop [-- --json FILE]`. Prints one table; ends with 1 when a cell
 * failed. What `test/interop/setup` could not build is reported as not run.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Cell, cellsOf, createWorld, OPERATIONS, runCell, type World, whyNotRun } from "./cells.ts";
import { CLIENTS } from "./clients.ts";
import { SERVERS, type Server } from "./servers.ts";

interface Result {
  readonly client: string;
  readonly server: string;
  readonly operation: string;
  readonly outcome: "passed" | "failed" | "not run";
  /** Why it failed or was not run. */
  readonly reason: string | null;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: "string" } } });
  const directory = mkdtempSync(join(tmpdir(), "pkg-matrix-"));
  const results: Result[] = [];
  try {
    for (const server of SERVERS) results.push(...(await runServer(server, join(directory, server.name))));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  print(results);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ cells: results }, null, 2)}\n`);
  process.exitCode = results.some(({ outcome }) => outcome === "failed") ? 1 : 0;
}

async function runServer(server: Server, directory: string): Promise<readonly Result[]> {
  const cells = cellsOf(server);
  if (server.tool.kind === "absent") return cells.map((cell) => toResult(cell, "not run", whyNotRun(cell)));
  mkdirSync(join(directory, "server"), { recursive: true });
  const running = await server.start(join(directory, "server"));
  try {
    const world = createWorld(running.host, join(directory, "clients"));
    const results: Result[] = [];
    for (const cell of cells) results.push(await tryCell(cell, world));
    return results;
  } finally {
    await running.stop();
  }
}

async function tryCell(cell: Cell, world: World): Promise<Result> {
  const reason = whyNotRun(cell);
  if (reason !== null) return toResult(cell, "not run", reason);
  try {
    await runCell(cell, world);
    return toResult(cell, "passed", null);
  } catch (error) {
    return toResult(cell, "failed", error instanceof Error ? error.message : String(error));
  }
}

function toResult({ client, server, operation }: Cell, outcome: Result["outcome"], reason: string | null): Result {
  return { client: client.name, server: server.name, operation, outcome, reason };
}

function print(results: readonly Result[]): void {
  console.log(`| registry | client | ${OPERATIONS.join(" | ")} |\n|---|---|${OPERATIONS.map(() => "---|").join("")}`);
  for (const server of SERVERS) {
    for (const client of CLIENTS) {
      const row = results.filter((result) => result.server === server.name && result.client === client.name);
      console.log(`| ${server.name} | ${client.name} | ${row.map(({ outcome }) => outcome).join(" | ")} |`);
    }
  }
  const counts = Map.groupBy(results, ({ outcome }) => outcome);
  const count = (outcome: Result["outcome"]) => counts.get(outcome)?.length ?? 0;
  console.log(`\n${count("passed")} passed, ${count("failed")} failed, ${count("not run")} not run`);
  for (const reason of new Set((counts.get("not run") ?? []).map((result) => result.reason))) {
    console.log(`not run: ${reason}`);
  }
  for (const { server, client, operation, reason } of counts.get("failed") ?? []) {
    console.log(`failed: ${client} ${operation} at ${server}: ${reason}`);
  }
}

await main();
