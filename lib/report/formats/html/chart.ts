import { showIn } from '../../numbers.ts';
import type { Chart, Frame, Series } from '../../sections/charts/chart.ts';
import type { Charts } from '../../sections/section.ts';
import { html, type Html } from './markup.ts';
import { staticPlot } from './static-plot.ts';

/** In the page: title, drawing, and a legend in which the script shows the values under the cursor. */
const figure = (chart: Chart, frame: Frame): Html =>
  html`<figure class="chart ${chart.size}" id="${chart.id}">
    <figcaption>
      ${heading(chart)}
      <p>${chart.crossed ? html`<strong class="crossed">${chart.note}</strong>` : chart.note}</p>
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

/** Small charts side by side, under the name of what they show. */
const multiples = (title: string, charts: readonly Chart[], frame: Frame): Html =>
  html`<section class="group">
    <h3>${title}</h3>
    <div class="multiples">${charts.map((chart) => figure(chart, frame))}</div>
  </section>`;

/** The run's own charts come first, and with them the place where the script puts its tools. */
export const chartsHtml = ({ title, charts, frame }: Charts): Html =>
  title === undefined
    ? html`<div class="tools" hidden></div>
        ${charts.map((chart) => figure(chart, frame))}`
    : multiples(title, charts, frame);

/** For those who don't see the drawing: each line's lowest, highest and last value. */
function summaryOf({ series, unit }: Chart): string {
  const sentences = series.map(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    const [low, high] = [
      known.reduce((a, b) => Math.min(a, b), Infinity),
      known.reduce((a, b) => Math.max(a, b), -Infinity),
    ];
    return known.length === 0
      ? `${label} without values`
      : `${label} from ${showIn(unit, low)} to ${showIn(unit, high)}, last ${showIn(unit, known.at(-1))}`;
  });
  return sentences.join('; ');
}

/** What the script needs; undefined where nothing is drawn. Axes are sent once for all charts that share them. */
export function chartData(blocks: readonly Charts[]): unknown {
  const [first] = blocks;
  if (first === undefined) return undefined;
  const charts = blocks.flatMap((block) => block.charts);
  const keys = charts.map(({ xs }) => xs.join());
  const axes = [...new Set(keys)];
  const drawn = charts.map(({ id, unit, series, log, limit, size }, at) => ({
    id,
    unit,
    size,
    log,
    limit,
    axis: axes.indexOf(keys[at] ?? ''),
    series: series.map(({ tone, dashed, values }) => ({ tone, dashed, values })),
  }));
  return { frame: first.frame, axes: axes.map((key) => charts[keys.indexOf(key)]?.xs), charts: drawn };
}
