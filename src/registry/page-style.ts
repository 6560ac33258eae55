/** The page's only style sheet: light or dark as the reader prefers, and usable at the width of a phone. */
export const PAGE_STYLE = `
:root { --back: #fff; --card: #fff; --text: #1b1f24; --dim: #5d6672; --line: #dfe3e8; --code: #f3f5f7; --link: #0b57b7; }
@media (prefers-color-scheme: dark) {
  :root { --back: #14171a; --card: #1b1f23; --text: #e4e8ec; --dim: #98a2ad; --line: #30363d; --code: #24292f; --link: #7db4ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header, main { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: grid; grid-template-columns: 1fr auto; gap: 0 1.5rem; align-items: center; padding-top: 2rem; padding-bottom: 1rem; }
h1, h2 { margin: 0; line-height: 1.25; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.125rem; }
h1 a { color: inherit; text-decoration: none; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
header p { grid-row: 2; margin: 0; color: var(--dim); }
form { grid-row: 1 / span 2; grid-column: 2; display: flex; gap: .5rem; }
input, button { font: inherit; padding: .4rem .75rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); color: inherit; }
input { width: 16rem; min-width: 0; }
button { cursor: pointer; background: var(--code); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.count { margin: 0 0 1rem; color: var(--dim); }
article { margin: 0 0 1rem; padding: 1rem 1.25rem .5rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--card); }
details { border-top: 1px solid var(--line); padding: .5rem 0; }
h2 + details { margin-top: .75rem; }
details[open] { padding-bottom: 1rem; }
summary { display: grid; grid-template-columns: .75rem 1fr auto; gap: .5rem; align-items: baseline; cursor: pointer; padding: .25rem 0; overflow-wrap: anywhere; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: "▸"; color: var(--dim); }
details[open] > summary::before { content: "▾"; }
.tag { display: inline-block; padding: 0 .5rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .8125rem; color: var(--dim); }
.size { color: var(--dim); font-variant-numeric: tabular-nums; white-space: nowrap; }
summary .size { font-size: .875rem; }
details p { margin: .25rem 0 .5rem; overflow-wrap: anywhere; }
pre { margin: .5rem 0; padding: .5rem .75rem; white-space: pre-wrap; overflow-wrap: anywhere; border-radius: .5rem; background: var(--code); }
code, td, dd, summary strong { unicode-bidi: isolate; }
code { font: .875rem/1.5 ui-monospace, monospace; user-select: all; }
table { width: 100%; margin: .75rem 0; border-collapse: collapse; font-size: .9375rem; }
td { padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; vertical-align: top; }
td.platform { color: var(--dim); }
td.size { padding-right: 0; text-align: right; }
tr:last-child td { border-bottom: 0; }
dl { margin: .75rem 0 0; font-size: .8125rem; color: var(--dim); }
dl div { display: flex; gap: .5rem; }
dt { flex: 0 0 5.5rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.more { margin: 0; padding: .5rem 0; border-top: 1px solid var(--line); color: var(--dim); font-size: .9375rem; }
.empty { padding: 4rem 1.25rem; text-align: center; border: 1px dashed var(--line); border-radius: .75rem; }
.empty pre { display: inline-block; max-width: 100%; text-align: left; }
nav { display: grid; grid-template-columns: 1fr auto 1fr; margin: 1rem 0 3rem; color: var(--dim); }
nav > :last-child { text-align: right; }
main { padding-bottom: 3rem; }
@media (max-width: 40rem) {
  header { display: block; padding-top: 1.25rem; }
  form { margin-top: .75rem; }
  input { flex: 1; }
  article { padding: .75rem 1rem .25rem; }
  dl div { display: block; }
  dt { font-weight: 600; }
}
`;
