import { readFileSync } from 'node:fs';
import { html, type Html } from '../../../lib/report/formats/html/markup.ts';
import { staticPlot } from '../../../lib/report/formats/html/static-plot.ts';
import type { Report } from '../../../lib/report/report.ts';
import { type Chart, type Frame, frameOf } from '../../../lib/report/sections/charts/chart.ts';
import { runCharts } from '../../../lib/report/sections/charts/run.ts';
import { signalCharts } from '../../../lib/report/sections/course.ts';
import { signals } from '../../../lib/signals/index.ts';
import type { BottleneckId } from '../../../lib/signals/signal.ts';

/** Some charts of a recorded run's report, as the plain data that they are drawn from. */
export interface Picture {
  /** Which run it is, as the words below the picture. */
  readonly caption: string;
  readonly frame: Frame;
  readonly charts: readonly Chart[];
}

/** More signals than this are for the report itself. */
const MOST_SIGNALS = 2;

/** What users met, and the signals that accuse one of `labels`: those that crossed their limit, or where none did the first. */
export function pictureOf(report: Report, labels: readonly BottleneckId[], caption: string): Picture {
  const accusing = new Set(signals.filter(({ accuses }) => labels.some((id) => id === accuses)).map(({ id }) => id));
  const own = signalCharts({ ...report, signals: report.signals.filter(({ id }) => accusing.has(id)) });
  const crossed = own.filter((chart) => chart.crossed);
  const chosen = crossed.length > 0 ? crossed : own;
  const ofRun = runCharts(report);
  const second = ofRun.find(({ id }) => id === 'errors') ?? ofRun.find(({ id }) => id === 'load');
  const charts = [ofRun.find(({ id }) => id === 'response-time'), second, ...chosen.slice(0, MOST_SIGNALS)];
  return { caption, frame: frameOf(report), charts: charts.filter((chart) => chart !== undefined) };
}

const HTML = new URL('../../../lib/report/formats/html/', import.meta.url);
const css = (name: string): string => readFileSync(new URL(name, HTML), 'utf8');

/** Of the page's rules those for drawings; a picture stands alone, and so do its styles. */
const DRAWING = /^(?:\.static (?:text|\.end|\.middle|path|\.mark-name)|\.band|\.grid|\.mark|\.limit|\.line)/;
const RULES = Array.from(css('charts.css').matchAll(/(?<=^|\}\s*)([^{}]+)\{[^{}]*\}/g), ([rule]) => rule.trim());
const STYLE = [...RULES.filter((rule) => DRAWING.test(rule)), '.static .title{font:600 14px system-ui,sans-serif}']
  .join('\n')
  .replaceAll(/\s+/g, ' ');

/** The colours of the page that a drawing names, in both schemes. */
function coloursOf(drawing: string): string {
  const named = new Set(['--paper', '--ink', '--soft', '--rule', '--wash', '--line']);
  for (const [, name] of drawing.matchAll(/var\((--\w+)\)/g)) named.add(name ?? '');
  const [light = '', dark = ''] = css('colours.css').split('@media');
  const [day, night] = [light, dark].map((text) =>
    Array.from(text.matchAll(/(--\w+): (#\w+);/g))
      .filter(([, name]) => named.has(name ?? ''))
      .map(([, name, value]) => `${name}:${value}`)
      .join(';'),
  );
  return `svg{${day}}@media(prefers-color-scheme:dark){svg{${night}}}`;
}

const WIDTH = 960;
/** Room for the title; a small chart has its note below it. */
const TITLES: Readonly<Record<Chart['size'], number>> = { large: 26, low: 26, small: 42 };
const GAP = 12;
const HEIGHTS: Readonly<Record<Chart['size'], number>> = { large: 240, low: 170, small: 150 };

/** The picture as a file of its own: the report's charts, one below another, small ones side by side. */
export function svgOf({ frame, charts }: Picture): string {
  const large = charts.filter(({ size }) => size !== 'small');
  const small = charts.filter(({ size }) => size === 'small');
  let top = 0;
  const place = (chart: Chart, left: number, width: number): string => {
    const plot = staticPlot(chart, frame);
    const room = TITLES[chart.size];
    return html`<g transform="translate(${left} ${top})"
      ><text class="title" x="8" y="18" style="fill:var(--ink)">${titleOf(chart)}</text>${besideTitle(chart, width)}<svg
        y="${room}"
        width="${width}"
        height="${HEIGHTS[chart.size]}"
      >
        ${plot}
      </svg></g
    >`.text;
  };
  const parts: string[] = [];
  for (const chart of large) {
    parts.push(place(chart, 0, WIDTH));
    top += TITLES[chart.size] + HEIGHTS[chart.size] + GAP;
  }
  for (const [at, chart] of small.entries()) parts.push(place(chart, (at * WIDTH) / 2, WIDTH / 2));
  if (small.length > 0) top += TITLES.small + HEIGHTS.small;
  const drawing = parts.join('\n');
  const style = `<style>${coloursOf(drawing)}${STYLE}</style>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" class="static">${style}<rect width="${WIDTH}" height="${top}" fill="var(--paper)"/>
${drawing}</svg>\n`;
}

const titleOf = ({ resource, title }: Chart): string => (resource === undefined ? title : `${resource}: ${title}`);

/** What a small chart says of its extreme; of others the names of the lines, from the right. */
function besideTitle({ size, note, series }: Chart, width: number): Html[] {
  if (size === 'small') return [html`<text x="8" y="35">${note}</text>`];
  return series
    .toReversed()
    .map(
      ({ label, tone }, at) =>
        html`<text class="end" x="${width - 24 - at * 150}" y="18" style="fill:var(--${tone})">${label}</text>`,
    );
}
