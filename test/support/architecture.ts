import { findCycle, type Import, importsOf, type Sources, withoutComments } from "./import-graph.ts";

const LOWEST = ["http", "fs"];
const LOW = ["package", "oci", "archive"];
/** Where artifacts lie, and what opens it. */
const PLACES = ["registry-client", "layout", "credentials"];
const MIDDLE = ["index", "plan", "verify", "sign", "publish", "provenance", "profile", "store", "blobs", "registry"];
const BELOW_MIDDLE = [...PLACES, ...LOW, ...LOWEST, "errors"];
const BELOW_OPERATIONS = [...MIDDLE, ...BELOW_MIDDLE];
/** What both ends of a package's life stand on: a repository's index, and any artifact in any place. */
const COMMON_GROUND = ["repositories", "artifacts", "capabilities"];
const OPERATIONS = ["operations", "publisher", ...COMMON_GROUND];
const ALL = ["cli", "commands", "context", "config", "report", ...OPERATIONS, ...BELOW_OPERATIONS];

interface Room {
  /** Rooms whose code it may run. */
  readonly values: readonly string[];
  /** Rooms whose types it may name besides: its siblings, and what is passed down to it. */
  readonly types?: readonly string[];
}

/** DESIGN.md, "Who may know whom". A file that lies in `src/` itself has the room that `roomOf` says. */
const ROOMS: Readonly<Record<string, Room>> = {
  main: { values: ["cli", "errors"] },
  cli: { values: ["commands", "context", "config", "report", "errors"], types: ALL },
  context: { values: ["config", "report", ...OPERATIONS, ...BELOW_OPERATIONS] },
  config: { values: ["package", "verify", "credentials", "oci", "fs", "errors"], types: ["registry-client"] },
  commands: { values: [...OPERATIONS, "report", "errors"], types: ["context", "config", ...BELOW_OPERATIONS] },
  report: { values: ["errors"] },
  operations: { values: [...COMMON_GROUND, "config", ...BELOW_OPERATIONS] },
  publisher: { values: [...COMMON_GROUND, "config", ...BELOW_OPERATIONS] },
  repositories: { values: ["capabilities", "config", ...BELOW_OPERATIONS] },
  artifacts: { values: ["capabilities", "config", ...BELOW_OPERATIONS] },
  capabilities: { values: ["config", ...BELOW_OPERATIONS] },
  ...Object.fromEntries(MIDDLE.map((room) => [room, { values: BELOW_MIDDLE, types: [...MIDDLE, "config"] }])),
  package: { values: [...LOWEST, "errors"], types: [...LOW, "config"] },
  archive: { values: [...LOWEST, "errors"], types: [...LOW, "config"] },
  // These know nothing of packages, not even their types.
  "registry-client": { values: ["credentials", "oci", ...LOWEST, "errors"], types: ["config"] },
  layout: { values: ["oci", ...LOWEST, "errors"], types: ["config"] },
  credentials: { values: ["oci", "fs", "errors"], types: ["config"] },
  oci: { values: [...LOWEST, "errors"], types: ["config"] },
  http: { values: ["errors"], types: ["fs"] },
  fs: { values: ["errors"], types: ["http"] },
  errors: { values: [] },
};

/** Each runtime dependency and the room (or file) that alone may import it. */
export const RUNTIME_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "better-sqlite3": ["store"],
  undici: ["http"],
  listr2: ["report"],
  semver: ["package"],
  "spdx-expression-parse": ["package"],
  "spdx-license-ids": ["package"],
  yargs: ["cli", "commands"],
  "smol-toml": ["config"],
  tar: ["archive"],
  bcryptjs: ["registry"],
  "@sigstore/bundle": ["provenance"],
  "@sigstore/core": ["provenance"],
  "@sigstore/protobuf-specs": ["provenance"],
  "@sigstore/verify": ["provenance"],
  "@napi-rs/blake-hash": ["src/fs/hashes.ts"],
};

const PURE_ROOMS = ["verify", "sign", "publish", "plan", "package"];
const PURE_MODULES = ["node:assert", "node:buffer", "node:crypto", "node:path", "node:url", "node:util"];
/** Pure over bytes, although it lies in the room of files. */
const PURE_FILES = ["src/fs/hashes.ts"];

/** The parts of `report/` that write or ask; a command has a Reporter handed to it. */
const WRITING_REPORT = ["reporter", "tty", "plain", "output", "confirm", "prompt", "bytes"].map(
  (name) => `src/report/${name}.ts`,
);

const GLOBALS: readonly { readonly pattern: RegExp; readonly name: string; readonly rooms: readonly string[] }[] = [
  { pattern: /\bprocess\.env\b/, name: "process.env", rooms: ["main", "config"] },
  { pattern: /\bprocess\.exit(?:Code)?\b/, name: "process.exit", rooms: ["main"] },
  { pattern: /\bprocess\.(?:stdout|stderr|stdin)\b|\bconsole\./, name: "the terminal", rooms: ["main", "report"] },
];
const IMPURE_GLOBALS = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bfetch\(|\bprocess\./;

/** Every breach of the architecture in `sources`, one sentence each. */
export function findBreaches(sources: Sources): readonly string[] {
  const imports = [...sources].flatMap(([path, source]) => importsOf(path, source));
  const run = imports.filter(
    ({ from, to, kind }) => kind === "value" && roomOf(from) === "cli" && roomOf(to) === "commands",
  );
  const commands = new Set(run.map(({ to }) => to));
  const cycle = findCycle(imports);
  return [
    ...imports.flatMap(checkImport),
    ...imports
      .filter(({ from, to }) => commands.has(from) && commands.has(to))
      .map(({ from, to }) => `${from} is a command and imports the command ${to}`),
    ...[...sources].flatMap(([path, source]) => checkGlobals(path, withoutComments(source))),
    ...(cycle === null ? [] : [`Imports go round in a circle: ${cycle.join(" → ")}`]),
  ];
}

/** The room of a file in `src/`; undefined for anything else. */
export function roomOf(path: string): string | undefined {
  const [top, first = "", ...rest] = path.split("/");
  if (top !== "src") return undefined;
  if (rest.length > 0) return first;
  const name = /^(main|cli|errors|config)\b/.exec(first)?.[1];
  return name ?? "context";
}

function checkImport(entry: Import): readonly string[] {
  const breach = entry.to.startsWith("src/") ? roomBreach(entry) : outsideBreach(entry);
  return breach === null ? [] : [`${entry.from} imports ${entry.to}: ${breach}`];
}

function roomBreach({ from, to, kind }: Import): string | null {
  const [own, other] = [roomOf(from) ?? "", roomOf(to) ?? ""];
  const room = ROOMS[own];
  if (room === undefined) return `the room "${own}" has no rules`;
  if (kind === "value" && PURE_ROOMS.includes(own) && LOWEST.includes(other) && !PURE_FILES.includes(to)) {
    return `${own}/ does no I/O`;
  }
  if (kind === "value" && own === "commands" && WRITING_REPORT.includes(to))
    return "a command has its Reporter passed in";
  if (own === other || room.values.includes(other)) return null;
  if (kind === "type" && (room.types?.includes(other) || isEvents(own, to))) return null;
  return `${own} may not know ${kind === "type" ? "the types" : "the code"} of ${other}`;
}

/** What an operation tells while it runs. */
function isEvents(own: string, to: string): boolean {
  return OPERATIONS.includes(own) && to === "src/report/events.ts";
}

function outsideBreach({ from, to, kind }: Import): string | null {
  const room = roomOf(from) ?? "";
  if (to.startsWith("node:")) {
    const isPure = PURE_MODULES.includes(to) || kind === "type";
    return PURE_ROOMS.includes(room) && !isPure ? `${room}/ does no I/O` : null;
  }
  if (to === "package.json" && room === "cli") return null;
  const name = to
    .split("/")
    .slice(0, to.startsWith("@") ? 2 : 1)
    .join("/");
  const rooms = RUNTIME_PACKAGES[name];
  if (rooms === undefined) return "no room may import that";
  return rooms.includes(room) || rooms.includes(from) ? null : `only ${rooms.join(" and ")} may`;
}

function checkGlobals(path: string, code: string): readonly string[] {
  const room = roomOf(path) ?? "";
  const used = GLOBALS.filter(({ pattern, rooms }) => !rooms.includes(room) && pattern.test(code));
  const impure =
    PURE_ROOMS.includes(room) && IMPURE_GLOBALS.test(code) ? [`${path} is in a pure room and is not pure`] : [];
  return [...used.map(({ name, rooms }) => `${path} uses ${name}: only ${rooms.join(" and ")} may`), ...impure];
}
