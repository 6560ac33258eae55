import type { FileEntry, PageContent, PageQuery, RepositoryEntry, VersionEntry } from "./page-content.ts";
import { type Content, Html, html } from "./page-html.ts";
import { PAGE_STYLE } from "./page-style.ts";

/** What the page says about the registry itself. */
export interface PageSettings {
  /** The host that clients use, e.g. `127.0.0.1:5000`. */
  readonly host: string;
  /** What has to be added to commands, with a space before it, so that they reach it: ` --plain-http`; or nothing. */
  readonly options: string;
  readonly scheme: "http" | "https";
  /** Whether a password was needed to see the page, and so is for what it lists. */
  readonly hasPassword: boolean;
  /** The registry that it is a cache of; null: it is no cache. */
  readonly upstream: string | null;
  readonly isReadOnly: boolean;
}

/** The page as a document. */
export function renderPage(content: PageContent, settings: PageSettings): string {
  const { query } = content;
  const title = query.repository === null ? settings.host : `${query.repository} · ${settings.host}`;
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Html(PAGE_STYLE)}</style>
</head>
<body>
<header>
<h1><a href="/">${settings.host}</a></h1>
<p>${[`OCI registry`, ...(settings.upstream === null ? [] : [`cache of ${settings.upstream}`]), ...(settings.isReadOnly ? ["read-only"] : [])].join(" · ")}</p>
<form role="search" action="/" method="get">
<input type="search" name="q" value="${query.search}" placeholder="Search names" aria-label="Search names" maxlength="200">
<button>Search</button>
</form>
</header>
<main>
${content.repositories.length === 0 ? nothing(content, settings) : list(content, settings)}
</main>
</body>
</html>
`);
}

function list(content: PageContent, settings: PageSettings): Content {
  return [
    settings.hasPassword
      ? html`<p>It asks for a password; before anything else:</p>${command(`pkg login ${settings.host}${settings.options}`)}`
      : null,
    settings.upstream === null ? null : html`<p>It holds what was pulled from ${settings.upstream} through it.</p>`,
    isAll(content.query) ? cacheNote(settings) : null,
    html`<p class="count">${countText(content)}${isAll(content.query) ? null : html` · ${ALL_REPOSITORIES}`}</p>`,
    content.repositories.map((repository) => repositoryCard(repository, content.query, settings)),
    content.pages > 1 ? pageLinks(content) : null,
  ];
}

/** How machines use a cache. */
function cacheNote({ upstream, host, scheme }: PageSettings): Content {
  if (upstream === null) return null;
  return html`<p>To use it for everything from ${upstream}, name it in the config of each machine:</p>
<pre><code>[registries."${upstream}"]
mirrors = ["${scheme}://${host}"]</code></pre>`;
}

const ALL_REPOSITORIES = html`<a href="/">All repositories</a>`;

function isAll({ search, repository }: PageQuery): boolean {
  return search === "" && repository === null;
}

function countText({ query, total }: PageContent): string {
  if (query.repository !== null) return plural(total, "version");
  return query.search === "" ? plural(total, "repository") : `${plural(total, "repository")} for “${query.search}”`;
}

function nothing({ query }: PageContent, settings: PageSettings): Content {
  const { host, options, upstream, isReadOnly } = settings;
  if (query.repository !== null)
    return emptyState(`There is no repository “${query.repository}”`, html`<p>${ALL_REPOSITORIES}</p>`);
  if (query.search !== "")
    return emptyState(`No repository matches “${query.search}”`, html`<p>${ALL_REPOSITORIES}</p>`);
  if (upstream !== null)
    return emptyState(
      "Nothing here yet",
      html`<p>Whatever is pulled from ${upstream} through it is kept here. Pull something:</p>${command(`pkg oci pull ${host}/owner/name:tag${options}`)}${cacheNote(settings)}`,
    );
  if (isReadOnly) return emptyState("Nothing here", html`<p>This registry is read-only.</p>`);
  return emptyState(
    "Nothing here yet",
    html`<p>Push a file:</p>${command(`pkg oci push ${host}/hello:1.0 ./hello${options}`)}`,
  );
}

function emptyState(title: string, more: Content): Html {
  return html`<section class="empty"><h2>${title}</h2>${more}</section>`;
}

function repositoryCard(
  { name, versions, versionCount }: RepositoryEntry,
  query: PageQuery,
  settings: PageSettings,
): Html {
  const rest = query.repository === null ? versionCount - versions.length : 0;
  const address = `/?${new URLSearchParams({ repository: name })}`;
  return html`<article>
<h2><a href="${address}">${name}</a></h2>
${versions.map((version, index) => versionBlock({ version, settings, name, isOpen: index === 0 }))}
${versionCount === 0 ? html`<p class="more">No tags</p>` : null}
${rest > 0 ? html`<p class="more"><a href="${address}">${plural(rest, "older version")}</a></p>` : null}
</article>
`;
}

interface VersionBlock {
  readonly version: VersionEntry;
  readonly settings: PageSettings;
  readonly name: string;
  readonly isOpen: boolean;
}

function versionBlock({ version, settings, name, isOpen }: VersionBlock): Html {
  const [tag = "", ...others] = version.tags;
  return html`<details${isOpen ? html` open` : null}>
<summary><span><strong>${tag}</strong>${others.map((other) => html` <span class="tag">${other}</span>`)}</span><span class="size">${sizeText(version)}</span></summary>
${version.description === null ? null : html`<p>${version.description}</p>`}
${commandsOf(version.kind, `${settings.host}/${name}`, tag).map((text) => command(text + settings.options))}
${filesTable(version.files)}
<dl>${fact("Platforms", version.platforms.join(", "))}${fact("Licence", version.license)}${fact("Type", version.artifactType)}${fact("Created", version.created)}${fact("Stored", version.stored)}${fact("Signed by", version.keyId === null ? null : `key ${version.keyId}, as it says: clients verify it`)}${fact("Digest", version.digest)}</dl>
</details>
`;
}

function sizeText({ bytes, platforms }: VersionEntry): string {
  const size = bytes === 0 ? [] : [formatBytes(bytes)];
  return [...(platforms.length > 1 ? [plural(platforms.length, "platform")] : []), ...size].join(" · ");
}

function commandsOf(kind: VersionEntry["kind"], repository: string, tag: string): readonly string[] {
  const reference = `${repository}:${tag}`;
  switch (kind) {
    case "package":
      return [`pkg install ${reference}`];
    case "index":
      return [`pkg repo add ${repository}`];
    case "files":
      return [`pkg oci pull ${reference}`];
    case "image":
      return [`pkg oci copy ${reference} oci:DIRECTORY`];
    case "other":
      return [`pkg oci manifest fetch ${reference}`];
  }
}

function command(text: string): Html {
  return html`<pre><code>${text}</code></pre>`;
}

function filesTable(files: readonly FileEntry[]): Content {
  if (files.length === 0) return null;
  const hasPlatforms = files.some(({ platform }) => platform !== null);
  const row = ({ title, bytes, platform }: FileEntry) =>
    html`<tr><td>${title}</td>${hasPlatforms ? html`<td class="platform">${platform}</td>` : null}<td class="size">${formatBytes(bytes)}</td></tr>`;
  return html`<table><tbody>${files.map(row)}</tbody></table>`;
}

function fact(name: string, value: string | null): Content {
  return value === null || value === "" ? null : html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function pageLinks({ query, pages }: PageContent): Html {
  const link = (page: number, text: string) =>
    page < 1 || page > pages ? html`<span></span>` : html`<a href="${addressOf(query, page)}">${text}</a>`;
  return html`<nav>${link(query.page - 1, "← Previous")}<span>${query.page} of ${pages}</span>${link(query.page + 1, "Next →")}</nav>`;
}

function addressOf({ search, repository }: PageQuery, page: number): string {
  const query = new URLSearchParams();
  if (repository !== null) query.set("repository", repository);
  else if (search !== "") query.set("q", search);
  query.set("page", `${page}`);
  return `/?${query}`;
}

function plural(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  return `${count.toLocaleString("en")} ${noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}

const UNITS = ["kB", "MB", "GB", "TB"] as const;

function formatBytes(bytes: number): string {
  let [value, unit]: [number, string] = [bytes, "B"];
  for (const next of UNITS) {
    if (value < 1000) break;
    [value, unit] = [value / 1000, next];
  }
  return `${unit === "B" || value >= 99.95 ? value.toFixed(0) : value.toFixed(1)} ${unit}`;
}
