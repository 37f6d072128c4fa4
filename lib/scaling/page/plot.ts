/** A line of a chart, its values evenly spread over the width. */
export interface PlotLine {
  readonly name: string;
  readonly values: readonly number[];
  readonly color: string;
}

export interface Plot {
  readonly title: string;
  readonly lines: readonly PlotLine[];
  /** Drawn across, such as an objective's limit. */
  readonly limit?: number;
  /** How a value of the axis is shown. */
  readonly shown: (value: number) => string;
}

/** What every chart of a page has below it: labels at parts of the width. */
export type PlotTicks = readonly (readonly [part: number, label: string])[];

const WIDTH = 960;
const HEIGHT = 200;
const LEFT = 72;
const BOTTOM = 22;
const TOP = 8;

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const tenth = (value: number): string => String(Math.round(value * 10) / 10);

/** A drawing without scripts. Its figures stand in the table and the CSV beside it, so a screen reader gets its title alone. */
export function plotSvg({ title, lines, limit, shown }: Plot, ticks: PlotTicks): string {
  const most =
    lines.reduce((high, { values }) => values.reduce((a, b) => Math.max(a, b), high), (limit ?? 0) * 1.1) || 1;
  const x = (part: number): number => LEFT + part * (WIDTH - LEFT - 8);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / most) * (HEIGHT - BOTTOM - TOP);
  const legend = lines
    .map(({ name, color }) => `<span><i style="background:${color}"></i>${escaped(name)}</span>`)
    .join(' ');
  const axis = [0, most / 2, most]
    .map(
      (value) =>
        `<line x1="${LEFT}" x2="${WIDTH - 8}" y1="${tenth(y(value))}" y2="${tenth(y(value))}"/><text x="${LEFT - 6}" y="${tenth(y(value) + 4)}" text-anchor="end">${escaped(shown(value))}</text>`,
    )
    .join('');
  const times = ticks
    .map(
      ([part, label]) => `<text x="${tenth(x(part))}" y="${HEIGHT - 4}" text-anchor="middle">${escaped(label)}</text>`,
    )
    .join('');
  const paths = lines.map(({ values, color }) => `<path d="${pathOf(values, x, y)}" stroke="${color}"/>`).join('');
  const across =
    limit === undefined
      ? ''
      : `<line class="limit" x1="${LEFT}" x2="${WIDTH - 8}" y1="${tenth(y(limit))}" y2="${tenth(y(limit))}"/>`;
  return `<figure><figcaption>${escaped(title)} ${legend}</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">${axis}${times}${paths}${across}</svg></figure>`;
}

function pathOf(values: readonly number[], x: (part: number) => number, y: (value: number) => number): string {
  const last = Math.max(1, values.length - 1);
  return values.map((value, at) => `${at === 0 ? 'M' : 'L'}${tenth(x(at / last))} ${tenth(y(value))}`).join('');
}
