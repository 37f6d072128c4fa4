import { parseDurationUs } from '../units.ts';

/** What an objective looks at. `stat` is a percentile (0–100), or a name; signals are named by their id. */
export type ObjectiveMetric =
  | { readonly of: 'responseTime' | 'serviceTime'; readonly stat: number | 'mean' | 'max' }
  | { readonly of: 'errors' | 'availability' | 'throughput' | 'dropped' }
  | { readonly of: 'signal'; readonly id: string; readonly stat: number | 'mean' | 'max' };

/** `value` is in µs, a ratio, or a rate a second; for signals in the signal's own unit. */
export interface ObjectiveLimit {
  readonly op: '<' | '<=' | '>' | '>=';
  readonly value: number;
}

/**
 * One line of a plan: `p99 < 500ms, fail > 600ms`. The first limit is the target. Beyond a `fail` limit the verdict is fail;
 * beyond a `warn` limit it is warn; a missed target is warn where only a fail limit is given (the band between the two), pass
 * where only a warn limit is given, and fail where neither is.
 */
export interface Objective {
  readonly text: string;
  readonly metric: ObjectiveMetric;
  readonly target: ObjectiveLimit;
  readonly warn?: ObjectiveLimit;
  readonly fail?: ObjectiveLimit;
}

const METRIC = String.raw`(?:service )?(?:p\d{1,2}(?:\.\d+)?|mean|max)|errors|availability|throughput|dropped|[a-z][\w-]*(?:\.[\w-]+)+(?: (?:p\d{1,2}(?:\.\d+)?|mean|max))?`;
const LIMIT = String.raw`(<=|>=|<|>) ?(\d+(?:\.\d+)?) ?(us|ms|s|m|h|%|\/s)?`;

/** The same pattern stands in the JSON Schema, so that an editor marks a wrong objective too. */
export const OBJECTIVE_PATTERN = new RegExp(`^(${METRIC}) ?${LIMIT}(?:, ?warn ?${LIMIT})?(?:, ?fail ?${LIMIT})?$`);

/** Reads `p99 < 500ms, fail > 600ms`; undefined when the text is no objective, or a limit's unit isn't one of its metric's. */
export function parseObjective(text: string): Objective | undefined {
  const match = OBJECTIVE_PATTERN.exec(text.trim());
  if (match === null) return undefined;
  const metric = parseMetric(match[1] ?? '');
  const [target, warn, fail] = [2, 5, 8].map((i) =>
    match[i] === undefined ? undefined : limit(metric, match.slice(i, i + 3)),
  );
  if (target === undefined || Number.isNaN(target.value + (warn?.value ?? 0) + (fail?.value ?? 0))) return undefined;
  return { text: text.trim(), metric, target, ...(warn && { warn }), ...(fail && { fail }) };
}

function parseMetric(text: string): ObjectiveMetric {
  if (text === 'errors' || text === 'availability' || text === 'throughput' || text === 'dropped') return { of: text };
  const [first = '', second] = text.split(' ');
  if (first.includes('.') && !/^p\d/.test(first)) return { of: 'signal', id: first, stat: parseStat(second ?? 'max') };
  return second === undefined
    ? { of: 'responseTime', stat: parseStat(first) }
    : { of: 'serviceTime', stat: parseStat(second) };
}

function parseStat(text: string): number | 'mean' | 'max' {
  return text === 'mean' || text === 'max' ? text : Number(text.slice(1));
}

function limit(metric: ObjectiveMetric, [op, amount, unit]: (string | undefined)[]): ObjectiveLimit {
  return { op: (op ?? '<') as ObjectiveLimit['op'], value: limitValue(metric, Number(amount), unit) };
}

/** NaN where the unit doesn't belong to the metric: a time needs one, a ratio is a percentage, a throughput is a rate. */
function limitValue(metric: ObjectiveMetric, amount: number, unit: string | undefined): number {
  // Shifted by text, not divided: 99.9 / 100 is 0.9990000000000001, and 999 of 1000 must meet `>= 99.9%`.
  const share = Number(`${amount}e-2`);
  const time = unit === undefined || unit === '%' || unit === '/s' ? undefined : parseDurationUs(`${amount}${unit}`);
  switch (metric.of) {
    case 'responseTime':
    case 'serviceTime':
      return time ?? Number.NaN;
    case 'throughput':
      return unit === '/s' || unit === undefined ? amount : Number.NaN;
    case 'signal':
      return time ?? (unit === '%' ? share : amount);
    default:
      return unit === '%' ? share : Number.NaN;
  }
}
