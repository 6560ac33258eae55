import { hostOfPlatform } from "../declare/platforms.ts";

/** The machines that a bundle is for, as package indexes name them. @throws {PkgError} USAGE */
export function bundlePlatforms(typed: readonly string[], host: string): readonly string[] {
  return typed.length === 0 ? [host] : [...new Set(typed.map((text) => hostOfPlatform(text)))];
}
