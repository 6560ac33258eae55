import { rmdirSync } from "node:fs";
import { systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";

/** Removes a directory if nothing is in it; true when it is gone. @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export function removeIfEmpty(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return true;
    if (["ENOTEMPTY", "EEXIST", "ENOTDIR"].includes(systemCode(error) ?? "")) return false;
    throw fileSystemError(error, `remove "${path}"`);
  }
}
