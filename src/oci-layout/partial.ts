import { join } from "node:path";
import { ownerState } from "../fs/partial-owner.ts";

/** The path of a partial blob, in the directory of the finished ones. */
export function partialPath(directory: string, hex: string): string {
  return join(directory, `.${hex}.part`);
}

/** Whether a file among the blobs is a partial file, and whether a process that may still be running owns it. */
export function partialState(name: string): "none" | "free" | "owned" {
  const suffix = PARTIAL.exec(name)?.[1];
  if (suffix === undefined) return "none";
  switch (ownerState(suffix)) {
    case "none":
    case "ended":
      return "free";
    case "running":
      return "owned";
    case "unknown":
      return "none";
  }
}

const PARTIAL = /^\.[0-9a-f]{64,128}\.part(.*)$/;
