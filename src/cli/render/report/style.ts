/** How a report looks: on a wide and a narrow screen, in the dark, and on paper. Two colours are told apart by contrast, never by hue alone. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1c2126; --soft: #55606b; --line: #d8dde2; --panel: #f4f6f8; --link: #0b57a4;
  --warn-line: #b35900; --warn-panel: #fff4e5; --bad: #b3261e; --good: #1b6e3c; --gone: #8c2f28; --new: #14603a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181c; --ink: #e6eaee; --soft: #a4b0bb; --line: #343c44; --panel: #1d2329; --link: #8ec2ff;
    --warn-line: #f0a04b; --warn-panel: #33250f; --bad: #ff9b92; --good: #7fd6a0; --gone: #ffaaa2; --new: #8be0ac;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 3rem; max-width: 72rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere;
}
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; }
h2 { margin: 2.5rem 0 0.5rem; font-size: 1.35rem; line-height: 1.3; }
h3 { margin: 2rem 0 0.25rem; font-size: 1.1rem; }
p { margin: 0.5rem 0; max-width: 48rem; }
a { color: var(--link); }
code { font: 0.95em ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
.soft { color: var(--soft); }
.personal { border: 1px solid var(--line); border-radius: 0.4rem; padding: 0.5rem 0.9rem; max-width: none; }
.words { background: var(--panel); border-radius: 0.4rem; padding: 0.6rem 1.1rem; margin: 1rem 0; }
.words p { font-size: 1.08rem; }
.warnings { list-style: none; margin: 1rem 0; padding: 0; }
.warnings li {
  border-left: 0.3rem solid var(--warn-line); background: var(--warn-panel); padding: 0.6rem 0.9rem; margin: 0.5rem 0;
}
.numbers { display: flex; flex-wrap: wrap; gap: 0.6rem; list-style: none; margin: 1rem 0; padding: 0; }
.numbers a {
  display: block; min-width: 7.5rem; padding: 0.5rem 0.9rem; border: 1px solid var(--line); border-radius: 0.4rem;
  color: var(--ink); text-decoration: none;
}
.numbers a:hover, .numbers a:focus-visible { border-color: var(--link); }
.numbers strong { display: block; font-size: 1.5rem; line-height: 1.2; }
.people { list-style: none; margin: 0.75rem 0 0; padding: 0; }
.people > li {
  display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 0.25rem 1.5rem;
  border-top: 1px solid var(--line); padding: 0.7rem 0; break-inside: avoid;
}
.people > li > div { min-width: 0; }
.who { font-weight: 600; }
.state { border: 1px solid currentColor; border-radius: 1rem; padding: 0 0.55rem; font-size: 0.85rem; white-space: nowrap; }
.state.held, .state.failed { color: var(--bad); }
.state.done { color: var(--good); }
.why, .said { margin: 0.15rem 0 0; }
.said { color: var(--bad); }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr); gap: 0.15rem 1rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; }
del { color: var(--gone); }
del:has(em) { text-decoration: none; }
ins { color: var(--new); text-decoration: none; font-weight: 600; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1rem; }
@media (max-width: 40rem) {
  body { padding: 1.25rem 1rem 2rem; }
  .people > li { grid-template-columns: minmax(0, 1fr); }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: 0.35rem; }
}
@media print {
  :root {
    color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --panel: #fff; --link: #000;
    --warn-line: #000; --warn-panel: #fff; --bad: #000; --good: #000; --gone: #000; --new: #000;
  }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2, h3 { break-after: avoid; }
  .words, .warnings li { border: 1px solid #bbb; }
}
`;
