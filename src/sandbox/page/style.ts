/** The page's style sheet: light or dark as the reader's system is set; text contrast is 4.5:1 or better in both. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --ink: #1a2029; --soft: #55606f; --line: #dde2e9;
  --accent: #0b5cad; --good: #14663c; --good-ground: #e2f4e9; --off: #6b4a00; --off-ground: #fbefd3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161c; --card: #1a2029; --ink: #e8ecf2; --soft: #a3afbf; --line: #303a47;
    --accent: #7db8f5; --good: #8fdcae; --good-ground: #17382a; --off: #f0cd85; --off-ground: #40330f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
header, main { max-width: 1320px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 22px; display: flex; flex-wrap: wrap; gap: 8px 32px; align-items: end; justify-content: space-between; }
h1 { font-size: 22px; margin: 0; }
header p { margin: 2px 0 0; color: var(--soft); }
h2 { font-size: 15px; margin: 0 0 10px; }
.counts { display: flex; flex-wrap: wrap; gap: 6px 26px; margin: 0; }
.counts div { display: flex; flex-direction: column-reverse; }
.counts dt { color: var(--soft); font-size: 13px; }
.counts dd { margin: 0; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
main { display: grid; grid-template-columns: minmax(0, 1fr) 310px; gap: 20px; padding-top: 18px; padding-bottom: 32px; align-items: start; }
main > *, aside { min-width: 0; }
aside { display: grid; gap: 20px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px; }
form { display: flex; flex-wrap: wrap; gap: 10px 14px; align-items: end; margin-bottom: 14px; }
label { display: block; font-size: 13px; color: var(--soft); }
input, select, button { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--soft); border-radius: 6px; padding: 6px 10px; min-height: 36px; }
input { width: 260px; max-width: 100%; }
button { cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); font-size: 13px; padding-bottom: 6px; }
th, td { text-align: left; padding: 7px 12px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { font-size: 13px; color: var(--soft); font-weight: 600; white-space: nowrap; }
tbody th { overflow-wrap: anywhere; min-width: 160px; }
.mail { display: block; color: var(--soft); font-weight: 400; font-size: 14px; }
.tight { white-space: nowrap; font-variant-numeric: tabular-nums; }
.id { color: var(--soft); font-size: 12px; }
.state { display: inline-block; border-radius: 99px; padding: 0 9px; font-size: 13px; white-space: nowrap; }
.on { color: var(--good); background: var(--good-ground); }
.off { color: var(--off); background: var(--off-ground); }
ol, ul { list-style: none; margin: 0; padding: 0; }
li { padding: 7px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
li:first-child { border-top: 0; padding-top: 0; }
.when { color: var(--soft); font-size: 13px; display: block; }
td .when { white-space: nowrap; }
#connection:not(:empty) { color: var(--off); }
.none { color: var(--soft); margin: 0; }
a { color: var(--accent); }
.pages { display: flex; gap: 18px; margin: 12px 0 0; }
@media (max-width: 1000px) { main { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 640px) {
  header, main { padding-left: 14px; padding-right: 14px; }
  .wide { display: none; }
}
`;
