/** Bars by day, in layers, as SVG; the same numbers as a table for those who don't see it. */
import { type Html, html } from '../../html/html.ts';
import { numberHead, table } from './table.ts';

export interface Series {
  readonly name: string;
  /** One for each day. */
  readonly values: readonly number[];
}

const size = { width: 840, height: 160, foot: 18 };

export function barChart(days: readonly string[], series: readonly Series[]): Html {
  const totals = days.map((_, index) => series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
  const most = Math.max(...totals, 1);
  const step = size.width / days.length;
  const scale = (size.height - size.foot) / most;
  const bars = days.flatMap((day, index) => {
    let top = size.height - size.foot;
    return series.map(({ name, values }, layer) => {
      const value = values[index] ?? 0;
      const height = value * scale;
      top -= height;
      return value === 0
        ? html``
        : html`<rect class="series-${layer}" x="${(index * step + 1.5).toFixed(1)}" y="${top.toFixed(1)}" width="${(step - 3).toFixed(1)}" height="${height.toFixed(1)}" rx="1.5"><title>${day}: ${value} ${name.toLowerCase()}</title></rect>`;
    });
  });
  const labels = days.flatMap((day, index) =>
    index % 7 === 0
      ? [html`<text x="${(index * step + 1.5).toFixed(1)}" y="${size.height - 4}">${day.slice(5)}</text>`]
      : [],
  );
  return html`<figure class="chart">
<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="By day, at most ${most} in one; the table below has the numbers">
<line x1="0" x2="${size.width}" y1="${size.height - size.foot}" y2="${size.height - size.foot}" class="axis"/>${bars}${labels}</svg>
<figcaption>${series.map(({ name }, layer) => html`<span class="key series-${layer}">${name}</span>`)}</figcaption>
<details><summary>The numbers</summary>${table(
    'By day',
    ['Day', ...series.map(({ name }) => numberHead(name))],
    days.flatMap((day, index) =>
      totals[index] === 0
        ? []
        : [
            html`<tr><th scope="row">${day}</th>${series.map(({ values }) => html`<td class="number">${values[index] ?? 0}</td>`)}</tr>`,
          ],
    ),
  )}</details>
</figure>`;
}
