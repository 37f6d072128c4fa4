import { showIn } from '../../numbers.ts';
import type { Chart, Frame, Series } from '../../sections/charts/chart.ts';
import { html, type Html } from './markup.ts';

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

/** Maps a value to 0 (the axis's low end) … 1 (its high end). */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

const MANTISSAS = [1, 2, 5, 10];

/** The nearest of 1, 2, 5 × 10ⁿ that is not below (or, `down`, not above) the value. */
export function roundTo(value: number, down = false): number {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  const mantissa = value / magnitude;
  // A hair of tolerance, or 0.3 / 0.1 would count as more than 3.
  const found = down
    ? MANTISSAS.findLast((each) => each <= mantissa + 1e-9)
    : MANTISSAS.find((each) => each >= mantissa - 1e-9);
  return (found ?? 1) * magnitude;
}

/** The power of two that is not below the value: what bytes count in. */
export const binaryStep = (value: number): number => 2 ** Math.ceil(Math.log2(value));

/** From 0 to at least `high`, with at most `most` + 1 round ticks. */
export function linearScale(high: number, most: number, round: (value: number) => number = roundTo): Scale {
  const step = round((high > 0 ? high : 1) / most);
  const count = Math.max(1, Math.ceil((high > 0 ? high : 1) / step - 1e-9));
  const top = count * step;
  const ticks = Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(12)));
  return { at: (value) => Math.min(1, Math.max(0, value / top)), ticks };
}

/** Between round ends around `low` and `high` (both above 0), with a tick at each power of ten and at the ends. */
export function logScale(low: number, high: number): Scale {
  const [bottom, top] = [roundTo(low, true), roundTo(Math.max(high, low * 1.01))];
  const span = Math.log10(top / bottom);
  const ticks: number[] = [];
  for (let power = Math.ceil(Math.log10(bottom) - 1e-9); 10 ** power <= top * 1.001; power += 1)
    ticks.push(10 ** power);
  return {
    at: (value) => Math.min(1, Math.max(0, Math.log10(Math.max(value, bottom) / bottom) / span)),
    ticks: ticks.length > 1 ? ticks : [bottom, top],
  };
}

/** Steps that fall on whole seconds, minutes and hours. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800];

export function timeTicks(totalSeconds: number, most: number): number[] {
  const step = TIME_STEPS.find((each) => totalSeconds / each <= most) ?? Math.ceil(totalSeconds / most / 3600) * 3600;
  return Array.from({ length: Math.floor(totalSeconds / step + 1e-9) + 1 }, (_, at) => at * step);
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `45 s` in a run of some minutes, `12:30` (minutes) in one of an hour, else `1:05 h`. */
export function clock(seconds: number, totalSeconds: number): string {
  if (totalSeconds <= 180) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (totalSeconds <= 7200) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)} h`;
}
