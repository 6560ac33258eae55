import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Real indexes of mid-2025, too large to be part of the repository: next to it, or where PKG_REAL_DATA says. */
const DIRECTORY = process.env["PKG_REAL_DATA"] ?? join(import.meta.dirname, "../../../shared/data");

const NO_DATA = "../shared/data is not there: it is not part of the repository; PKG_REAL_DATA names another directory";

/** One of them, or all: the path, and the reason to skip tests that read it. */
export interface RealData<Where> {
  readonly where: Where;
  /** False if it exists. */
  readonly skip: string | false;
}

/** The large one: every package for aarch64. */
export const REAL_INDEX: RealData<string> = {
  where: join(DIRECTORY, "pkgcache-aarch64-Linux.json"),
  skip: skipWithout(join(DIRECTORY, "pkgcache-aarch64-Linux.json"), "pkgcache-aarch64-Linux.json"),
};

/** All files, at least one. */
export function realFiles(): RealData<readonly string[]> {
  const where = existsSync(DIRECTORY) ? readdirSync(DIRECTORY).map((name) => join(DIRECTORY, name)) : [];
  return { where, skip: where.length === 0 && NO_DATA };
}

function skipWithout(path: string, name: string): string | false {
  return existsSync(path) ? false : `${name}: ${NO_DATA}`;
}
