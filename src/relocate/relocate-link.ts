import { posix } from "node:path";
import { BUILD_PREFIX } from "./pinned-paths.ts";
import { type Prefix, relocateText } from "./prefix.ts";

/**
 * The target of a symbolic link in its new place. What leads into the prefix by an absolute path becomes relative, so that
 * the whole prefix may be moved.
 *
 * @param target as the bottle has it
 * @param at the absolute path of the link itself, below the prefix
 */
export function relocateLink(target: string, { at, prefix }: { readonly at: string; readonly prefix: Prefix }): string {
  const pinned = `${target}/`.startsWith(`${BUILD_PREFIX}/`);
  const moved = pinned ? prefix.path + target.slice(BUILD_PREFIX.length) : utf8(relocateText(latin1(target), prefix));
  const isInside = `${moved}/`.startsWith(`${prefix.path}/`);
  return isInside ? posix.relative(posix.dirname(at), moved) : moved;
}

function latin1(text: string): string {
  return Buffer.from(text).toString("latin1");
}

function utf8(text: string): string {
  return Buffer.from(text, "latin1").toString();
}
