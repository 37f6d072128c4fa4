import { showIn } from '../../numbers.ts';
import type { Chart, Series } from '../../sections/charts/chart.ts';
import type { Frame } from '../../sections/charts/frame.ts';
import { html, type Html } from './markup.ts';
import { binaryStep, clock, linearScale, logScale, timeTicks, type Scale } from './scale.ts';

/** Pixels of the drawing: `left` and `bottom` hold the ticks' texts, `top` the names of the phases. */
interface Box {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const LARGE: Box = { width: 960, height: 240, left: 64, right: 24, top: 20, bottom: 22 };

const BOXES: Readonly<Record<Chart['size'], Box>> = {
  large: LARGE,
  low: { ...LARGE, height: 170 },
  small: { width: 340, height: 110, left: 64, right: 20, top: 6, bottom: 20 },
};

interface Plane {
  readonly box: Box;
  readonly x: (seconds: number) => number;
  readonly y: (value: number) => number;
}

/** The drawing that stands where scripts don't run, and on paper. */
export function staticPlot(chart: Chart, frame: Frame): Html {
  const box = BOXES[chart.size];
  const small = chart.size === 'small';
  const scale = scaleOf(chart);
  const plane: Plane = {
    box,
    x: (seconds) => tenth(box.left + (seconds / frame.totalSeconds) * (box.width - box.left - box.right)),
    y: (value) => tenth(box.height - box.bottom - scale.at(value) * (box.height - box.top - box.bottom)),
  };
  return html`<svg class="static" viewBox="0 0 ${box.width} ${box.height}" aria-hidden="true">
    ${bands(frame, plane, small)}${grid(chart, scale, plane)}${timeAxis(frame, plane, small)}${marks(frame, plane, small)}${limitLine(chart, plane)}${chart.series.map((series) => line(chart.xs, series, plane))}
  </svg>`;
}

const tenth = (pixels: number): number => Math.round(pixels * 10) / 10;

function scaleOf({ series, log, limit, size, unit }: Chart): Scale {
  const values = series.flatMap((each) => each.values.filter((value) => value !== null));
  const high = values.reduce((a, b) => Math.max(a, b), limit ?? 0);
  const most = size === 'large' ? 4 : 2;
  if (unit === 'bytes') return linearScale(high, most, binaryStep);
  if (log !== true) return linearScale(unit === 'ratio' && high <= 1 ? niceRatio(high) : high, most);
  const above = values.filter((value) => value > 0);
  return logScale(
    above.reduce((a, b) => Math.min(a, b), high || 1),
    high || 1,
  );
}

/** A share that matters is drawn against the whole. */
const niceRatio = (high: number): number => (high > 0.2 ? 1 : high);

function bands({ bands: own }: Frame, { box, x }: Plane, small: boolean): Html[] {
  const bottom = box.height - box.bottom;
  return own.map(({ name, from, to }, at) => {
    const width = tenth(x(to) - x(from));
    const room = Math.floor(width / 6.4);
    const label = name.length > room ? `${name.slice(0, Math.max(0, room - 1))}…` : name;
    return html`<rect
        class="band${at % 2 === 1 && ' odd'}"
        x="${x(from)}"
        y="${box.top}"
        width="${width}"
        height="${bottom - box.top}"
      />${!small && room > 2 && html`<text x="${x(from) + 3}" y="${box.top - 6}">${label}</text>`}`;
  });
}

const grid = ({ unit }: Chart, { ticks }: Scale, { box, y }: Plane): Html[] =>
  ticks.map(
    (tick) =>
      html`<path class="grid" d="M${box.left} ${y(tick)}H${box.width - box.right}" /><text
          class="end"
          x="${box.left - 6}"
          y="${y(tick) + 4}"
          >${showIn(unit, tick)}</text
        >`,
  );

const timeAxis = ({ totalSeconds }: Frame, { box, x }: Plane, small: boolean): Html[] =>
  timeTicks(totalSeconds, small ? 3 : 10).map(
    (tick) => html`<text class="middle" x="${x(tick)}" y="${box.height - 5}">${clock(tick, totalSeconds)}</text>`,
  );

const marks = (frame: Frame, { box, x }: Plane, small: boolean): Html[] =>
  frame.marks.map(({ atSeconds, label }) => {
    const at = x(atSeconds);
    // Before the break the lines run low, so there is room.
    const [place, beside] = at > box.width * 0.25 ? ['end', at - 5] : ['start', at + 5];
    const name = !small && html`<text class="mark-name ${place}" x="${beside}" y="${box.top + 14}">${label}</text>`;
    return html`<path class="mark" d="M${at} ${box.top}V${box.height - box.bottom}" />${name}`;
  });

const limitLine = ({ limit }: Chart, { box, y }: Plane): Html | false =>
  limit !== undefined && html`<path class="limit" d="M${box.left} ${y(limit)}H${box.width - box.right}" />`;

function line(xs: readonly number[], { tone, dashed, values }: Series, plane: Plane): Html {
  return html`<path
    class="line${dashed && ' dashed'}"
    style="--tone:var(--${tone})"
    d="${pathOf(xs, values, plane)}"
  />`;
}

/** One point for every pixel across, the highest: a peak must not vanish in a long run. Gaps stay gaps. */
function pathOf(xs: readonly number[], values: readonly (number | null)[], { x, y }: Plane): string {
  const columns = new Map<number, number | null>();
  for (const [at, seconds] of xs.entries()) {
    const column = Math.round(x(seconds));
    const [value = null, before] = [values[at], columns.get(column)];
    columns.set(
      column,
      typeof before === 'number' && typeof value === 'number' ? Math.max(before, value) : (value ?? before ?? null),
    );
  }
  let [path, pen] = ['', 'M'];
  for (const [column, value] of columns) {
    // A value between two gaps is a dot: a line of no length, with round ends.
    if (value !== null) path += `${pen}${column} ${y(value)}${pen === 'M' ? 'h0' : ''}`;
    pen = value === null ? 'M' : 'L';
  }
  return path;
}
