import { findCycle, type Import, importsOf, type Sources, withoutComments } from "./import-graph.ts";

/** Where artifacts are, and what opens them. */
const PLACES = ["registry-client", "oci-layout"];
/** They may import only types from each other. */
const MIDDLE = [
  "blobs",
  "bundle-format",
  "index",
  "package-format",
  "plan",
  "profile",
  "programs",
  "provenance",
  "registry",
  "sign",
  "state",
  "verify",
];
/** The two ends of a package's life, and what else a person may ask for; none imports another. */
const ENDS = ["install", "lock", "login", "publish", "repository-index", "serve"];
/** Rooms that several ends use. */
const COMMON_GROUND = ["keys", "oci-tools", "repositories"];
/** From what was typed to verified bytes; nothing in them places anything. */
const TO_BYTES = ["obtain", "resolve"];

/**
 * Rooms from the ground up. A room may import those below it, and only types from those on its own level: CONTRIBUTING.md,
 * "How the code is laid out".
 */
const LEVELS: readonly (readonly string[])[] = [
  ["errors"],
  ["base", "generated"],
  ["fs", "http"],
  ["archive"],
  ["oci"],
  ["credentials"],
  PLACES,
  ["package"],
  ["image", "relocate"],
  MIDDLE,
  ["index-database"],
  ["config"],
  ["declare"],
  ["network"],
  ["capabilities"],
  ["sources", "unpack"],
  ["pour"],
  COMMON_GROUND,
  TO_BYTES,
  ENDS,
  ["environments", "profiles"],
  ["bundles", "inspect", "self"],
  ["doctor"],
];
const BELOW_COMMANDS = LEVELS.flat();

interface Room {
  /** Rooms whose code it may run. */
  readonly values: readonly string[];
  /** Further rooms whose types it may name. */
  readonly types?: readonly string[];
}

const ROOMS: Readonly<Record<string, Room>> = {
  ...Object.fromEntries(
    LEVELS.flatMap((level, height) =>
      level.map((room) => [room, { values: LEVELS.slice(0, height).flat(), types: level }] as const),
    ),
  ),
  // Outside the levels: what a command prints with, and what other programs may use.
  report: { values: ["base", "errors"] },
  library: { values: [...PLACES, "credentials", "oci", "http", "base", "errors"] },
  commands: {
    values: [
      "doctor",
      "bundles",
      "inspect",
      "self",
      "environments",
      "profiles",
      ...ENDS,
      ...TO_BYTES,
      ...COMMON_GROUND,
      "report",
      "base",
      "errors",
    ],
    types: BELOW_COMMANDS,
  },
  cli: { values: ["commands", "report", ...BELOW_COMMANDS] },
  main: { values: ["cli", "base", "errors"] },
};

/** Each runtime dependency and the room (or file) that alone may import it. */
export const RUNTIME_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "better-sqlite3": ["state"],
  undici: ["http"],
  semver: ["package"],
  "spdx-expression-parse": ["package"],
  "spdx-license-ids": ["package"],
  "smol-toml": ["config"],
  tar: ["archive"],
  yauzl: ["archive"],
  "@napi-rs/lzma": ["src/archive/unxz.ts"],
  bcryptjs: ["registry"],
  "@sigstore/bundle": ["provenance"],
  "@sigstore/core": ["provenance"],
  "@sigstore/protobuf-specs": ["provenance"],
  "@sigstore/verify": ["provenance"],
  "@napi-rs/blake-hash": ["src/base/hashes.ts"],
};

const PURE_ROOMS = ["verify", "sign", "package-format", "plan", "package", "relocate", "image"];
const PURE_MODULES = ["node:assert", "node:buffer", "node:crypto", "node:path", "node:url", "node:util"];
const IMPURE_ROOMS = ["http", "fs", "archive", "credentials", ...PLACES];

/** The parts of `report/` that write or ask; a command gets a Reporter passed in. */
const WRITING_REPORT = ["reporter", "tty", "plain", "output", "confirm", "prompt", "bytes"].map(
  (name) => `src/report/${name}.ts`,
);

const GLOBALS: readonly { readonly pattern: RegExp; readonly name: string; readonly rooms: readonly string[] }[] = [
  { pattern: /\bprocess\.env\b/, name: "process.env", rooms: ["main", "config", "library"] },
  { pattern: /\bprocess\.exit(?:Code)?\b/, name: "process.exit", rooms: ["main"] },
  { pattern: /\bprocess\.(?:stdout|stderr|stdin)\b|\bconsole\./, name: "the terminal", rooms: ["main", "report"] },
];
/** What only the room that decides about other machines may read or make; `inspect/` shows the config. */
const NETWORK_ALONE: typeof GLOBALS = [
  { pattern: /\bconfig\.offline\b/, name: "config.offline", rooms: ["network", "inspect"] },
  { pattern: /\bcreateHttpClient\(/, name: "createHttpClient()", rooms: ["network", "http", "registry-client"] },
  { pattern: /\bcreateRegistryClient\(/, name: "createRegistryClient()", rooms: ["network", "registry-client"] },
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
  const roomCycle = findCycle(imports.flatMap(betweenRooms));
  return [
    ...imports.flatMap(checkImport),
    ...imports
      .filter(({ from, to }) => commands.has(from) && commands.has(to))
      .map(({ from, to }) => `${from} is a command and imports the command ${to}`),
    ...[...sources].flatMap(([path, source]) => checkGlobals(path, withoutComments(source))),
    ...(cycle === null ? [] : [`Imports go round in a circle: ${cycle.join(" → ")}`]),
    ...(roomCycle === null ? [] : [`Rooms know each other in a circle: ${roomCycle.join(" → ")}`]),
  ];
}

function betweenRooms({ from, to, kind }: Import): readonly Import[] {
  const [own, other] = [roomOf(from), roomOf(to)];
  return own === undefined || other === undefined || own === other ? [] : [{ from: own, to: other, kind }];
}

/** The room of a file in `src/`; undefined for anything else. */
export function roomOf(path: string): string | undefined {
  const [top, first = "", ...rest] = path.split("/");
  if (top !== "src") return undefined;
  if (rest.length > 0) return first;
  return first.replace(/\.ts$/, "");
}

function checkImport(entry: Import): readonly string[] {
  const breach = entry.to.startsWith("src/") ? roomBreach(entry) : outsideBreach(entry);
  return breach === null ? [] : [`${entry.from} imports ${entry.to}: ${breach}`];
}

function roomBreach({ from, to, kind }: Import): string | null {
  const [own, other] = [roomOf(from) ?? "", roomOf(to) ?? ""];
  const room = ROOMS[own];
  if (room === undefined) return `the room "${own}" has no rules`;
  if (kind === "value" && PURE_ROOMS.includes(own) && IMPURE_ROOMS.includes(other)) {
    return `${own}/ does no I/O`;
  }
  if (kind === "value" && own === "commands" && WRITING_REPORT.includes(to))
    return "a command has its Reporter passed in";
  if (own === "commands" && isBetweenGroups(from, to)) return "what several groups share is in commands/ itself";
  if (own === other || room.values.includes(other)) return null;
  if (kind === "type" && room.types?.includes(other)) return null;
  return `${own} may not know ${kind === "type" ? "the types" : "the code"} of ${other}`;
}

/** A file of one folder of `commands/` that imports one of another folder there. */
function isBetweenGroups(from: string, to: string): boolean {
  const [[, , own, file], [, room, other, otherFile]] = [from.split("/"), to.split("/")];
  return room === "commands" && file !== undefined && otherFile !== undefined && own !== other;
}

function outsideBreach({ from, to, kind }: Import): string | null {
  const room = roomOf(from) ?? "";
  // So magic numbers, bombs and bytes after the end are handled in one place.
  if (to === "node:zlib" && room !== "archive") return "only archive may";
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
  const used = [...GLOBALS, ...NETWORK_ALONE].filter(
    ({ pattern, rooms }) => !rooms.includes(room) && pattern.test(code),
  );
  const impure =
    PURE_ROOMS.includes(room) && IMPURE_GLOBALS.test(code) ? [`${path} is in a pure room and is not pure`] : [];
  return [...used.map(({ name, rooms }) => `${path} uses ${name}: only ${rooms.join(" and ")} may`), ...impure];
}
