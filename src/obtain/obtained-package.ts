import type { InstalledLink } from "../package/installation.ts";
import type { InstalledKeg } from "../package/keg.ts";
import type { Link } from "../package/provides.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { PostInstalled } from "../pour/post-install.ts";
import type { LinkedFile } from "../pour/take-keg.ts";
import type { RunningPlace } from "../programs/judge-program.ts";
import type { FetchContext } from "../sources/fetch-context.ts";
import type { SourceContext } from "../sources/source-context.ts";
import type { Generations } from "../state/generations.ts";
import type { Installations } from "../state/installations.ts";
import type { VerifiedPackage } from "../verify/package.ts";
import type { Making } from "./make-files.ts";

/** What obtaining packages needs. Nothing in it can place anything. */
export interface ObtainContext extends FetchContext {
  readonly sources: SourceContext;
  readonly installations: Installations;
  /** What was installed before, whose bytes are kept; absent: nothing. */
  readonly generations?: Pick<Generations, "editions" | "edition">;
  /** Where its programs have to run. */
  readonly place: RunningPlace;
  /** Where bottles are poured; absolute. */
  readonly prefix: string;
  /** As in PourContext. */
  readonly lookUp?: (linked: readonly LinkedFile[]) => void;
  /** What is made for packages beside their own files; absent: nothing, as none is placed. */
  readonly making?: Making;
}

/** A package whose verified bytes are in the store. */
export interface ObtainedPackage {
  readonly resolution: Resolution;
  /** With the members of its archive, if it came in one. */
  readonly verified: VerifiedPackage;
  readonly links: readonly Link[];
  /** Bytes that came over the network. */
  readonly receivedBytes: number;
  /** Null for everything but bottles. */
  readonly keg: ObtainedKeg | null;
}

/** What is placed of a bottle beside its files. */
export interface ObtainedKeg {
  /** Where the keg belongs, such as `@prefix/Cellar/jq/1.8.1`. */
  readonly directory: string;
  /** In the prefix. */
  readonly links: readonly InstalledLink[];
  /** How its programs and libraries are linked. */
  readonly linked: readonly LinkedFile[];
  readonly installed: InstalledKeg;
  /** What became of the steps that follow when a bottle is poured. */
  readonly after: PostInstalled;
}
