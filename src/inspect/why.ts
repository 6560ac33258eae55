import { neededBy, shortestChains } from "../package/dependency-graph.ts";
import { findInstalled } from "../resolve/find-installed.ts";
import type { Installations } from "../state/installations.ts";
import type { StateCapabilities } from "./inspect.ts";
import { type Named, named } from "./named.ts";

/** What holds an installed package. */
export interface WhyOutcome {
  readonly name: string;
  readonly version: string;
  /** True when nobody asked for it. */
  readonly isDependency: boolean;
  /** From each package that was asked for and needs it, by the shortest way down to it. */
  readonly chains: readonly (readonly string[])[];
}

/** What holds each package that is named, as `install` takes it. NOT_INSTALLED for what is not. */
export async function whyOf(
  cap: StateCapabilities,
  texts: readonly string[],
  directory: string,
): Promise<Named<WhyOutcome>> {
  const { installations } = await cap.records();
  return named(texts, async (text) => why(installations, directory, text));
}

function why(installations: Installations, directory: string, text: string): WhyOutcome {
  const { name, version, isDependency } = findInstalled({ installations, directory }, text);
  const all = new Map(installations.needs().map((item) => [item.name, item]));
  const needers = neededBy(all.keys(), (needer) => all.get(needer)?.dependencies ?? []);
  const isAsked = (needer: string) => all.get(needer)?.isDependency === false;
  return { name, version, isDependency, chains: shortestChains(name, needers, isAsked) };
}
