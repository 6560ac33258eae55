import type { Published, PublishedPlatform } from "../operations/publish-outcome.ts";
import { columns } from "../report/columns.ts";
import type { Style } from "../report/style.ts";
import { formatBytes } from "../report/units.ts";

/** What was published, for people. */
export function publishedLines(outcome: Published, style: Style): readonly string[] {
  const { name, version, digest, reference, platforms, signedBy } = outcome;
  const signed = signedBy.length === 0 ? [style.yellow("unsigned")] : [`signed by ${signedBy.join(", ")}`];
  return [
    `${headline(outcome, style)} ${style.bold(name)} ${version}   ${signed.join("")}`,
    ...columns([
      ...platforms.flatMap((platform) => platformRows(platform, outcome.status === "planned")),
      [reference, digest],
      ...outcome.rollingTags.map(({ tag, how }) => [tag, how]),
      ...outcome.attached.map((item) => [`${item.kind} ${item.file}`, item.digest, item.how]),
    ]).map((line) => `  ${line}`),
    ...(outcome.status === "planned" ? [] : [`Install it with: pkg install ${reference}`]),
  ];
}

function headline({ status }: Published, style: Style): string {
  switch (status) {
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

/** With its files where that is all there is to see. */
function platformRows(item: PublishedPlatform, isPlan: boolean): readonly (readonly string[])[] {
  const bytes = item.files.reduce((sum, { size }) => sum + size, 0);
  const built = item.libc === null ? item.type : item.libc;
  const files = isPlan ? item.files : [];
  return [
    [`${item.platform} ${built}`, item.digest, formatBytes(bytes)],
    ...files.map(({ title, digest, size }) => [`  ${title}`, digest, formatBytes(size)]),
  ];
}
