import { dirname } from "node:path";
import { type Exposure, exposureOf, fileExposure } from "../fs/exposure.ts";
import type { Paths } from "./paths.ts";

/** What of a home others may write: whoever may do that decides what is run. */
export function homeExposures(paths: Paths): readonly Exposure[] {
  const { packages, prefix, blobs, environments, pouredEnvironments, index, keys } = paths;
  const directories = [
    dirname(paths.stateDatabase),
    dirname(paths.sharedDatabase),
    ...[packages, prefix, blobs, environments, pouredEnvironments, index, keys],
  ];
  return [...[...new Set(directories)].map(exposureOf), fileExposure(paths.configFile)].filter(
    (exposure) => exposure !== null,
  );
}
