import { formatNumber } from '../../../units.ts';
import { showIn } from '../../numbers.ts';
import type { Dot, Scatter } from '../../sections/section.ts';
import { html, type Html } from './markup.ts';
import { logScale } from './static-plot.ts';

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [960, 280, 72, 24, 16, 38];

/** Dots on two logarithmic axes; the interval is a shaded band, and the limit a line. It needs no script. */
export function scatterHtml({ label, x: rates, y: times, dots, span, limit }: Scatter): Html {
  const shown = dots.filter(({ x, y }) => x > 0 && y > 0);
  if (shown.length === 0) return html`<p class="quiet">Nothing to draw.</p>`;
  const ys = [...shown.map(({ y }) => y), ...(limit === undefined ? [] : [limit])];
  const [across, up] = [scaleOf(shown.map(({ x }) => x)), scaleOf(ys)];
  const x = (value: number): number => Math.round(LEFT + across.at(value) * (WIDTH - LEFT - RIGHT));
  const y = (value: number): number => Math.round(HEIGHT - BOTTOM - up.at(value) * (HEIGHT - TOP - BOTTOM));
  const right = WIDTH - RIGHT;
  return html`<figure class="chart large">
    <div class="plot" role="img" aria-label="${label}">
      <svg class="static scatter" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">
        ${span !== undefined && band(x(span[0]), x(span[1]))}
        ${up.ticks.map((tick) => html`<path class="grid" d="M${LEFT} ${y(tick)}H${right}" /><text class="end" x="${LEFT - 6}" y="${y(tick) + 4}">${showIn(times.unit, tick)}</text>`)}
        ${across.ticks.map((tick) => html`<text class="middle" x="${x(tick)}" y="${HEIGHT - BOTTOM + 16}">${formatNumber(tick)}</text>`)}
        <text class="middle" x="${(LEFT + right) / 2}" y="${HEIGHT - 4}">${rates.title}</text>
        ${limit !== undefined && html`<path class="limit" d="M${LEFT} ${y(limit)}H${right}" />`}
        ${shown.map((dot) => dotHtml(dot, x(dot.x), y(dot.y)))}
      </svg>
    </div>
  </figure>`;
}

/** At least some pixels wide, so that a narrow interval is seen. */
const band = (from: number, to: number): Html =>
  html`<rect
    class="interval"
    x="${from}"
    y="${TOP}"
    width="${Math.max(3, to - from)}"
    height="${HEIGHT - TOP - BOTTOM}"
  />`;

/** As in the tables each verdict has a shape of its own. */
const dotHtml = ({ verdict, note }: Dot, x: number, y: number): Html =>
  html`<g class="verdict ${verdict}" transform="translate(${x - 7} ${y - 7})">
    <title>${note}</title>
    <use href="#s-${verdict}" width="14" height="14" />
  </g>`;

const scaleOf = (values: readonly number[]) => logScale(Math.min(...values), Math.max(...values));
