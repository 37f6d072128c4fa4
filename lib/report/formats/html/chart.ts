import type { Chart, Series } from './chart-types.ts';
import { isPresent, showIn, type Figure } from '../../numbers.ts';
import type { Frame } from './frame.ts';
import { html, type Html } from './markup.ts';
import { staticPlot } from './static-plot.ts';

/** Four digits are finer than a pixel, and a third of a double's length. */
export const rounded = (value: Figure): number | null => (isPresent(value) ? Number(value.toPrecision(4)) : null);

/** In the page: title, drawing, and a legend in which the script shows the values under the cursor. */
export const figure = (chart: Chart, frame: Frame): Html =>
  html`<figure class="chart ${chart.size}" id="${chart.id}">
    <figcaption>
      ${heading(chart)}
      <p>${chart.note}</p>
    </figcaption>
    <div class="plot" role="img" aria-label="${chart.title}: ${summaryOf(chart)}">${staticPlot(chart, frame)}</div>
    <ul class="legend">
      ${chart.series.map(legendEntry)}
    </ul>
  </figure>`;

const heading = ({ size, title, resource }: Chart): Html =>
  size === 'small'
    ? html`<h4>${resource !== undefined && html`<small>${resource}</small> `}${title}</h4>`
    : html`<h3>${title}</h3>`;

const legendEntry = (series: Series): Html =>
  html`<li>
    <i class="swatch${series.dashed && ' dashed'}" style="--tone:var(--${series.tone})"></i>${series.label}
    <span class="value"></span>
  </li>`;

/** For those who don't see the drawing: each line's lowest, highest and last value. */
function summaryOf({ series, unit }: Chart): string {
  const told = series.map(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    const [low, high] = [
      known.reduce((a, b) => Math.min(a, b), Infinity),
      known.reduce((a, b) => Math.max(a, b), -Infinity),
    ];
    return known.length === 0
      ? `${label} without values`
      : `${label} from ${showIn(unit, low)} to ${showIn(unit, high)}, last ${showIn(unit, known.at(-1))}`;
  });
  return told.join('; ');
}

/** What the script needs. Axes are sent once for all charts that share them. */
export function chartData(charts: readonly Chart[], frame: Frame): unknown {
  const keys = charts.map(({ xs }) => xs.join());
  const axes = [...new Set(keys)];
  const told = charts.map(({ id, unit, series, log, limit, size }, at) => ({
    id,
    unit,
    size,
    log,
    limit,
    axis: axes.indexOf(keys[at] ?? ''),
    series: series.map(({ tone, dashed, values }) => ({ tone, dashed, values })),
  }));
  return { frame, axes: axes.map((key) => charts[keys.indexOf(key)]?.xs), charts: told };
}
