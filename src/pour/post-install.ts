import { matchesGlob, posix } from "node:path";
import { isObject, type JsonObject } from "../base/json.ts";
import { addAll } from "../base/many.ts";
import type { InstalledLink } from "../package/installation.ts";
import type { PostInstall } from "../package/keg.ts";
import { KegEdits, type MadeFile, type ModeChange } from "./keg-edits.ts";
import { addMachineLinks, type MachineLinks } from "./machine-links.ts";
import { type GuardContext, guardsAllow } from "./step-guards.ts";
import { changedMode } from "./step-modes.ts";
import { expandTokens, type StepPath, stepPath } from "./step-paths.ts";
import { commandsInstead, describeStep } from "./undone-step.ts";

/** The keg, and what decides what becomes of its steps. */
export interface PostInstallRequest extends GuardContext, MachineLinks {
  /** Of the files and links in the keg. */
  readonly paths: readonly string[];
  readonly postInstall: PostInstall;
}

/** What becomes of the steps that follow when a bottle is poured. */
export interface PostInstalled {
  /** Files that the keg gets. */
  readonly made: readonly MadeFile[];
  /** Files that it loses. */
  readonly removed: readonly string[];
  /** Permissions that files of it get. */
  readonly modes: readonly ModeChange[];
  readonly links: readonly InstalledLink[];
  /** Commands that a person may run to finish. */
  readonly commands: readonly string[];
  /** What was not done, such as `configure_php`. */
  readonly undone: readonly string[];
  /** What the formula says. */
  readonly warnings: readonly string[];
}

/**
 * Carries out the steps that only touch the prefix, as files of the keg and links to them; the others are named. Code is not
 * run.
 *
 * @see Library/Homebrew/install_steps.rb
 */
export function postInstall(request: PostInstallRequest): PostInstalled {
  const edits = new KegEdits(request.paths);
  const run = new StepRun(request, edits);
  // The code of its formula is for macOS; addMachineLinks() does that work.
  if (request.keg.name !== "ca-certificates") run.all(request.postInstall);
  addMachineLinks(edits, request);
  return run.result();
}

/** True: it is done, or there is nothing to do. */
type Done = boolean;

class StepRun {
  readonly #request: PostInstallRequest;
  readonly #edits: KegEdits;
  readonly #commands: string[] = [];
  readonly #undone: string[] = [];
  readonly #warnings: string[] = [];

  constructor(request: PostInstallRequest, edits: KegEdits) {
    this.#request = request;
    this.#edits = edits;
  }

  all(steps: PostInstall): void {
    if (steps.kind === "code") this.#code();
    if (steps.kind !== "steps") return;
    for (const step of steps.steps) {
      if (isObject(step) && !guardsAllow(this.#request, this.#edits, step["guards"])) continue;
      if (!isObject(step) || !this.#one(step)) this.#tell(step);
    }
  }

  result(): PostInstalled {
    const { made, links, paths, modes } = this.#edits;
    const removed = this.#request.paths.filter((path) => !paths.has(path));
    return { made, removed, modes, links, commands: this.#commands, undone: this.#undone, warnings: this.#warnings };
  }

  #code(): void {
    const commands = commandsInstead(this.#request);
    if (commands === null) this.#undone.push("what its formula does in Ruby");
    else addAll(this.#commands, commands);
  }

  #tell(step: unknown): void {
    const { command, what } = describeStep(this.#request, step);
    if (command !== null) this.#commands.push(command);
    else this.#undone.push(what);
  }

  #one(step: JsonObject): Done {
    switch (step["type"]) {
      case "mkdir":
      case "mkdir_p":
        return this.#at(step["path"], { keg: () => true, prefix: (path) => this.#edits.keepDirectory(path) });
      case "touch":
        return this.#write(step["path"], "", false);
      case "write":
        return this.#write(step["path"], step["content"], step["overwrite"] === true);
      case "symlink":
        return step["source_glob"] !== true && step["sudo"] === undefined && this.#symlink(step);
      case "copy":
        return step["source_glob"] !== true && this.#copy(step);
      case "link_dir":
        return this.#linkAll(step, (place, target) => this.#edits.link(place, target));
      case "link_children":
        return this.#linkChildren(step);
      case "remove":
        return this.#remove(step);
      case "inreplace":
        return this.#replace(step);
      case "set_permissions":
        return this.#setPermissions(step);
      case "install_gzipped_executable":
        return this.#unpack(step);
      case "warn":
        if (typeof step["message"] === "string") this.#warnings.push(expandTokens(this.#request, step["message"]));
        return true;
      default:
        return false;
    }
  }

  #at(value: unknown, by: { readonly keg: (path: string) => Done; readonly prefix: (path: string) => Done }): Done {
    const path = stepPath(this.#request, value);
    if (path === null || path.kind === "elsewhere") return false;
    return path.kind === "keg" ? by.keg(path.path) : by.prefix(path.path);
  }

  #write(value: unknown, content: unknown, overwrite: boolean): Done {
    if (typeof content !== "string") return false;
    const text = expandTokens(this.#request, content);
    return this.#at(value, {
      keg: (path) => {
        if (path === "" || this.#edits.isDirectory(path)) return false;
        return (this.#edits.has(path) && !overwrite) || this.#edits.add({ kind: "text", path, text });
      },
      prefix: (path) => this.#edits.write(path, text),
    });
  }

  #symlink(step: JsonObject): Done {
    const source = stepPath(this.#request, step["source"]);
    const target = stepPath(this.#request, step["target"]);
    if (source === null || target === null || source.kind === "elsewhere" || target.kind === "elsewhere") return false;
    if (target.kind === "prefix") return this.#linkInPrefix(source, target.path);
    if (target.path === "" || this.#edits.isDirectory(target.path)) return false;
    if (this.#edits.has(target.path) && step["force"] !== true) return true;
    const from = posix.dirname(this.#inPrefix(target));
    const leads = posix.relative(from, this.#inPrefix(source));
    return this.#edits.add({ kind: "symlink", path: target.path, target: leads });
  }

  #linkInPrefix(source: StepPath & { readonly path: string }, place: string): Done {
    if (source.kind === "keg" && source.path !== "" && this.#edits.paths.has(source.path)) {
      this.#edits.link(place, source.path);
      return true;
    }
    return this.#edits.linkBeside(place, this.#inPrefix(source), this.#request.keg);
  }

  /** Where a path is, relative to the prefix. */
  #inPrefix({ kind, path }: StepPath & { readonly path: string }): string {
    const { name, version } = this.#request.keg;
    return kind === "keg" ? posix.join(`Cellar/${name}/${version}`, path) : path;
  }

  #copy(step: JsonObject): Done {
    const source = stepPath(this.#request, step["source"]);
    if (source?.kind !== "keg") return false;
    if (!this.#edits.paths.has(source.path)) {
      return step["recursive"] === true && this.#linkAll(step, (place, target) => this.#edits.copy(place, target));
    }
    return this.#at(step["target"], {
      keg: (path) => {
        const isInside = this.#edits.isDirectory(path);
        const copied = isInside ? posix.join(path, posix.basename(source.path)) : path;
        return this.#edits.add({ kind: "same", path: copied, as: source.path });
      },
      prefix: (path) => {
        const isInside = this.#request.exists(`${this.#request.prefix}/${path}/.`);
        this.#edits.copy(isInside ? `${path}/${posix.basename(source.path)}` : path, source.path);
        return true;
      },
    });
  }

  /** Leads to each file of a directory from the same place below another one in the prefix. */
  #linkAll(step: JsonObject, lead: (place: string, target: string) => void): Done {
    const source = stepPath(this.#request, step["source"]);
    const target = stepPath(this.#request, step["target"]);
    if (source?.kind !== "keg" || target?.kind !== "prefix") return false;
    for (const path of this.#edits.below(source.path)) lead(`${target.path}/${path}`, posix.join(source.path, path));
    return true;
  }

  #linkChildren(step: JsonObject): Done {
    const text = (value: unknown) => (typeof value === "string" ? expandTokens(this.#request, value) : "");
    const [before, after] = [text(step["prefix"]), text(step["suffix"])];
    if (`${before}${after}`.includes("/")) return false;
    const source = stepPath(this.#request, step["source"]);
    const target = stepPath(this.#request, step["target"]);
    if (source?.kind !== "keg" || target?.kind !== "prefix") return false;
    for (const path of this.#edits.below(source.path)) {
      const [first = "", ...rest] = path.split("/");
      const named = [`${before}${first}${after}`, ...rest].join("/");
      this.#edits.link(`${target.path}/${named}`, posix.join(source.path, path));
    }
    return true;
  }

  /** Only plain texts: what a pattern in Ruby means, Ruby alone knows. */
  #replace(step: JsonObject): Done {
    const path = this.#ownFile(step["path"]);
    const { before, after } = step;
    if (path === null || step["regexp"] === true || typeof before !== "string" || typeof after !== "string")
      return false;
    const replacement = {
      before: expandTokens(this.#request, before),
      after: expandTokens(this.#request, after),
      isFirstOnly: step["first_only"] === true,
      isRequired: step["skip_audit"] !== true,
    };
    // Ruby reads a backslash in what takes its place as a part of what was found.
    if (replacement.before === "" || replacement.after.includes("\\")) return false;
    return this.#edits.replace(path, replacement);
  }

  /** The file of the keg that a path leads to, also by its copy in the prefix; null: none. */
  #ownFile(value: unknown): string | null {
    const path = stepPath(this.#request, value);
    if (path === null || path.kind === "elsewhere") return null;
    if (path.kind === "prefix") return this.#edits.copiedTo(path.path);
    return this.#edits.paths.has(path.path) ? path.path : null;
  }

  #setPermissions(step: JsonObject): Done {
    const { paths, permissions } = step;
    if (!Array.isArray(paths) || typeof permissions !== "string") return false;
    if (changedMode(0o644, permissions) === null) return false;
    const isRecursive = step["non_recursive"] !== true;
    const found = paths.map((value) => this.#filesAt(value, isRecursive));
    if (found.includes(null)) return false;
    for (const path of new Set(found.flatMap((one) => one ?? []))) this.#edits.setMode({ path, permissions });
    return true;
  }

  /** The files of the keg that are meant by a path; null where it leads elsewhere. */
  #filesAt(value: unknown, isRecursive: boolean): readonly string[] | null {
    const path = stepPath(this.#request, value);
    if (path?.kind !== "keg") {
      const own = this.#ownFile(value);
      return own === null ? null : [own];
    }
    const isBelow = (one: string) => path.path === "" || one.startsWith(`${path.path}/`);
    const isMeant = (one: string) => one === path.path || matchesGlob(one, path.path) || (isRecursive && isBelow(one));
    return [...this.#edits.paths].filter(isMeant);
  }

  #unpack(step: JsonObject): Done {
    const source = stepPath(this.#request, step["source"]);
    const target = stepPath(this.#request, step["target"]);
    if (source?.kind !== "keg" || target?.kind !== "keg" || this.#edits.isDirectory(target.path)) return false;
    if (!this.#edits.paths.has(source.path)) return true;
    if (!this.#request.paths.includes(source.path) || source.path === target.path) return false;
    if (!this.#edits.add({ kind: "unpacked", path: target.path, as: source.path })) return false;
    this.#edits.remove(source.path);
    return true;
  }

  /** What is in the prefix and not ours is left alone: an older keg, or its user, has put it there. */
  #remove(step: JsonObject): Done {
    const values = step["paths"];
    if (!Array.isArray(values)) return false;
    for (const value of values) {
      const path = stepPath(this.#request, value);
      if (path?.kind !== "keg" || path.path === "") continue;
      const isMeant = (one: string) =>
        one === path.path || one.startsWith(`${path.path}/`) || matchesGlob(one, path.path);
      for (const one of [...this.#edits.paths]) if (isMeant(one)) this.#edits.remove(one);
    }
    return true;
  }
}
