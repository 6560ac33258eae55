import type { Published, PublishedPlatform } from "../../publish/outcome.ts";
import { columns } from "../../report/columns.ts";
import type { Style } from "../../report/style.ts";
import { formatBytes } from "../../report/units.ts";

/** What was published, for people. */
export function publishedLines(outcome: Published, style: Style): readonly string[] {
  const { name, version, digest, platforms, signerIds, state, attached } = outcome;
  const signed = signerIds.length === 0 ? style.yellow("unsigned") : `signed by ${signerIds.join(", ")}`;
  const rows = [
    ...platforms.flatMap((platform) => platformRows(platform, state === "planned")),
    ["image index", "", "", digest],
    ...attached.map((item) => [item.kind, item.how, "", item.digest]),
  ];
  return [
    `${headline(outcome, style)} ${style.bold(name)} ${version}   ${signed}`,
    ...columns(rows).map((line) => `  ${line}`),
    ...tagLines(outcome),
    ...nextLines(outcome),
  ];
}

function nextLines({ next }: Published): readonly string[] {
  if (next === null) return [];
  return [`Install it with: ${next.install}`, ...(next.index === null ? [] : [`Add it to your index: ${next.index}`])];
}

function headline({ state }: Published, style: Style): string {
  switch (state) {
    case "published":
      return style.green("Published");
    case "replaced":
      return style.yellow("Replaced");
    case "existed":
      return "Already published:";
    case "planned":
      return "Would publish";
  }
}

/** The row of a platform, and in a plan a row for each of its files. */
function platformRows(item: PublishedPlatform, isPlan: boolean): readonly (readonly string[])[] {
  const bytes = item.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const files = isPlan ? item.files : [];
  return [
    [item.platform, item.libc ?? item.type, formatBytes(bytes), item.digest],
    ...files.map(({ title, digest, sizeBytes }) => [`  ${title}`, "", formatBytes(sizeBytes), digest]),
  ];
}

/** Tags that were kept where they are have been reported already, so they are left out. */
function tagLines({ rollingTags, state }: Published): readonly string[] {
  const meant = rollingTags.filter(({ how }) => how !== "kept").map(({ tag }) => tag);
  const also = state === "planned" ? "rolling tags" : "also tagged";
  return meant.length === 0 ? [] : [`  ${also} ${meant.join(", ")}`];
}
