import { isAbsolute } from "node:path";
import { canonicalPath } from "../fs/canonical-path.ts";
import { searchPlace } from "../install/search-path.ts";
import { pathNote } from "../install/tell-search-path.ts";
import { type Sought, sharePathNote, soughtAs } from "../install/tell-share-path.ts";
import { programLinks } from "../package/place.ts";
import type { Found } from "./finding.ts";
import type { Patient } from "./patient.ts";

const SYSTEM_DIRECTORIES = new Set(["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"]);

/** Whether programs are found by their names, and are the ones that are found. */
export function checkSearchPath({ cap: { config }, records }: Patient): readonly Found[] {
  const { bin } = config.paths;
  const links = (records?.installed ?? []).flatMap((item) => programLinks(item.links).map(({ path }) => path));
  const place = searchPlace(config);
  if (!place.isOnPath) return links.length === 0 ? [] : [missing(pathNote(bin, config.shell))];
  const directories = config.searchPath.filter(isAbsolute).map(canonicalPath);
  const own = canonicalPath(bin);
  const first = directories.indexOf(own);
  const system = directories.slice(0, first).find((directory) => SYSTEM_DIRECTORIES.has(directory));
  const hidden = links.flatMap((link) => {
    const hider = place.hiderOf(link);
    return hider === null ? [] : [hiddenBy(`${bin}/${link}`, hider)];
  });
  return [
    ...(directories.lastIndexOf(own) === first ? [] : [twice(bin)]),
    ...(system === undefined ? [] : [late(bin, system)]),
    ...hidden,
  ];
}

/** Whether man pages, completions and desktop entries are found, where a package has some. */
export function checkSharePath({ cap: { config }, records }: Patient): readonly Found[] {
  const sought = new Set<Sought>((records?.installed ?? []).flatMap(({ links }) => links.flatMap(soughtAs)));
  return [...sought].flatMap((each): readonly Found[] => {
    const note = sharePathNote(config, each);
    if (note === null) return [];
    return [{ code: "share-path-missing", subject: config.paths.share, ...wordsOf(note), mend: null }];
  });
}

interface Note {
  readonly message: string;
  readonly more?: readonly string[];
}

/** Notes end with what to type; the line itself follows. */
function wordsOf({ message, more = [] }: Note): Pick<Found, "message" | "cure"> {
  const [, what = message, how = ""] = /^(.*?)[.;,]? ((?:Type|Add|add) .*|Type:)$/.exec(message) ?? [];
  // Between backticks, a line to copy is not broken.
  const lines = more.map((line) => `\`${line}\``).join(", then ");
  return { message: what, cure: [how, lines].filter((text) => text !== "").join(" ") };
}

function missing(note: Note): Found {
  return { code: "path-missing", subject: "PATH", ...wordsOf(note), mend: null };
}

function twice(bin: string): Found {
  return {
    code: "path-twice",
    subject: "PATH",
    message: `"${bin}" is on PATH more than once`,
    cure: "Leave it out of all start files of your shell but one",
    mend: null,
  };
}

function late(bin: string, system: string): Found {
  return {
    code: "path-order",
    subject: "PATH",
    message: `"${bin}" comes after "${system}" on PATH, so what the system has there hides what you install`,
    cure: `Put it first: \`export PATH="${bin}:$PATH"\``,
    mend: null,
  };
}

function hiddenBy(path: string, hider: string): Found {
  return {
    code: "program-hidden",
    subject: path,
    message: `"${hider}" comes before it on PATH, and runs instead`,
    cure: `Remove that one, or put the directory of "${path}" before its own on PATH`,
    mend: null,
  };
}
