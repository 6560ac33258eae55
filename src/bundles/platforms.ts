import { hostOfPlatform } from "../declare/platforms.ts";

/** The machines that a bundle is to be for, as package indexes name them. @throws {PkgError} USAGE */
export function bundlePlatforms(typed: readonly string[]): readonly string[] {
  return [...new Set(typed.map((text) => hostOfPlatform(text)))];
}
