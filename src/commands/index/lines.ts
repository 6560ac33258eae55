import { formatCount } from "../../report/units.ts";
import type { BuiltIndex } from "../../repository-index/built-index.ts";
import { goesBack } from "../../repository-index/diff.ts";

type IndexDiff = NonNullable<BuiltIndex["changes"]>;
type EntryName = IndexDiff["added"][number];

/** What a person wants to know about an index that was built. */
export function builtLines({
  repository,
  serial,
  packageCount,
  entryCount,
  readCount,
  expiresAt,
  changes,
  gone,
}: BuiltIndex) {
  return [
    `${repository}, serial ${serial}: ${formatCount(packageCount, "package")}, ${formatCount(entryCount, "entry")}, ${readCount} read anew`,
    ...(changes === null ? [] : diffLines(changes, gone)),
    `Good until ${expiresAt}`,
  ];
}

/** Who has signed, and who else may if more signatures are needed. */
export function signatureLines({ keyIds, threshold, signerIds }: BuiltIndex): readonly string[] {
  const missing = keyIds.filter((key) => !signerIds.includes(key));
  const signed = `Signed by ${signerIds.length === 0 ? "nobody" : signerIds.join(", ")}`;
  if (signerIds.length >= threshold) return [signed];
  const needed = `${threshold - signerIds.length} more of ${missing.join(", ")} must sign it`;
  return [`${signed}; ${needed}: \`pkg index sign DIRECTORY\``];
}

/** What differs, one line per package. */
export function diffLines(
  { added, removed, newest, replaced, edited, keySetChange }: IndexDiff,
  gone: BuiltIndex["gone"],
): readonly string[] {
  return [
    ...newest.map((change) => newestLine(change)),
    ...gone.map(({ name, before }) => `! ${name}: ${before} → gone, with all its versions`),
    ...grouped("+", added),
    ...grouped("-", removed),
    ...replaced.map((entry) => `! ${shown(entry)}: other content, ${short(entry.before)} → ${short(entry.after)}`),
    ...edited.map((entry) => `~ ${shown(entry)}: ${entry.fields.join(", ")}`),
    ...(keySetChange === null
      ? []
      : [`! key set: ${keySetText(keySetChange.before)} → ${keySetText(keySetChange.after)}`]),
  ];
}

function newestLine(change: IndexDiff["newest"][number]): string {
  const { name, before, after } = change;
  return goesBack(change) ? `! ${name}: ${before} → ${after}, which is older` : `${name}: ${before} → ${after}`;
}

/** One line for all platforms of a version. */
function grouped(mark: string, entries: readonly EntryName[]): readonly string[] {
  const versions = Map.groupBy(entries, ({ name, id, version }) => [name, id, version].join("\0"));
  return [...versions.values()].map((builds) => {
    const [first] = builds;
    const platforms = builds.map(({ host, libc }) => (libc === null ? host : `${host} ${libc}`));
    return `${mark} ${first?.name} ${first?.version} (${platforms.join(", ")})`;
  });
}

function shown({ name, version, host, libc }: EntryName): string {
  return [name, version, host, ...(libc === null ? [] : [libc])].join(" ");
}

const SHORT_HASH_CHARACTERS = 12;

function short(hash: string): string {
  return hash.replace(/^sha\d+:/, "").slice(0, SHORT_HASH_CHARACTERS);
}

function keySetText(set: NonNullable<IndexDiff["keySetChange"]>["before"]): string {
  return set === null ? "none" : `version ${set.version}, ${set.threshold} of ${set.keys.join(", ")}`;
}
