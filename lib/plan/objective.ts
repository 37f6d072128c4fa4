import { DURATION_PATTERN, parseDurationUs } from '../units.ts';

/** What an objective looks at. `stat` is a percentile (0–100), or a name; signals are named by their id, statuses as `5xx` or `503`. */
export type ObjectiveMetric = Narrowed &
  (
    | { readonly of: 'responseTime' | 'serviceTime'; readonly stat: number | 'mean' | 'max' }
    | { readonly of: PlainMetric }
    | { readonly of: 'status'; readonly status: string }
    | { readonly of: 'signal'; readonly id: string; readonly stat: number | 'mean' | 'max' }
  );

const PLAIN = ['errors', 'availability', 'throughput', 'dropped', 'timeouts'] as const;
type PlainMetric = (typeof PLAIN)[number];

/** What narrows a metric, which else is of all requests and of the whole phase. */
interface Narrowed {
  /** The name of a step or a scenario. */
  readonly requests?: string;
  /** The numbers of the steps whose requests these are: in a plan that is ready to run. */
  readonly steps?: readonly number[];
  /** A window that slides by whole seconds. */
  readonly overSeconds?: number;
}

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

/** `p99 > 2s for 30s`: what ends a phase that shows it in so many seconds, one after another. */
export interface AbortCondition {
  readonly text: string;
  readonly metric: ObjectiveMetric;
  readonly limit: ObjectiveLimit;
  readonly forSeconds?: number;
}

/** The seconds of a phase that a condition has to see before it ends it. */
export const secondsToEnd = ({ metric, forSeconds = 1 }: AbortCondition): number =>
  (metric.overSeconds ?? 1) + forSeconds - 1;

const STAT = String.raw`(?:p\d{1,2}(?:\.\d+)?|mean|max)`;
const METRIC = String.raw`(?:service )?${STAT}|errors|error ratio|availability|throughput|dropped|timeouts|[45](?:xx|\d\d)|[a-z][\w-]*(?:\.[\w-]+)+(?: ${STAT})?`;
const SPAN = DURATION_PATTERN.source.slice(1, -1);
/** Of which requests, by a name in quotes or without, and over what time. */
const NARROWED = String.raw`(?: of (?:"([^"]+)"|(\S.*?)))?(?: over (${SPAN}))?`;
const LIMIT = String.raw`(<=|>=|<|>) ?(\d+(?:\.\d+)?) ?(us|ms|s|m|h|%|\/s)?`;

/** The same pattern stands in the JSON Schema, so that an editor marks a wrong objective too. */
export const OBJECTIVE_PATTERN = new RegExp(
  `^(${METRIC})${NARROWED} ?${LIMIT}(?:, ?warn ?${LIMIT})?(?:, ?fail ?${LIMIT})?$`,
);
export const ABORT_PATTERN = new RegExp(`^(${METRIC})${NARROWED} ?${LIMIT}(?: for (${SPAN}))?$`);

/** Reads `p99 < 500ms, fail > 600ms`; undefined when the text is no objective, or a limit's unit isn't one of its metric's. */
export function parseObjective(text: string): Objective | undefined {
  const match = OBJECTIVE_PATTERN.exec(text.trim());
  if (match === null) return undefined;
  const metric = parseMetric(match);
  const [target, warn, fail] = [5, 8, 11].map((i) =>
    match[i] === undefined ? undefined : limit(metric, match.slice(i, i + 3)),
  );
  if (target === undefined || Number.isNaN(target.value + (warn?.value ?? 0) + (fail?.value ?? 0))) return undefined;
  return { text: text.trim(), metric, target, ...(warn && { warn }), ...(fail && { fail }) };
}

/** Of texts that the schema let through. */
export const objectivesFrom = (texts: readonly string[]): Objective[] =>
  texts.flatMap((text) => parseObjective(text) ?? []);

/** Begins the line of a report that says which condition ended a phase. */
export const ABORT_ON = 'abort on ';

/** What a line among the objectives of a report is about. */
export const metricOf = (line: string): ObjectiveMetric | undefined =>
  (line.startsWith(ABORT_ON) ? parseAbort(line.slice(ABORT_ON.length)) : parseObjective(line))?.metric;

/** Reads `p99 > 2s for 30s`; undefined where `parseObjective` would be. */
export function parseAbort(text: string): AbortCondition | undefined {
  const match = ABORT_PATTERN.exec(text.trim());
  if (match === null) return undefined;
  const metric = parseMetric(match);
  const found = limit(metric, match.slice(5, 8));
  if (Number.isNaN(found.value)) return undefined;
  return { text: text.trim(), metric, limit: found, ...(match[8] !== undefined && { forSeconds: seconds(match[8]) }) };
}

const seconds = (span: string): number => (parseDurationUs(span) ?? Number.NaN) / 1e6;

function parseMetric([, text = '', quoted, bare, over]: readonly (string | undefined)[]): ObjectiveMetric {
  const requests = quoted ?? bare;
  return {
    ...parseName(text),
    ...(requests !== undefined && { requests }),
    ...(over !== undefined && { overSeconds: seconds(over) }),
  };
}

function parseName(text: string): ObjectiveMetric {
  const plain = PLAIN.find((name) => name === text);
  if (plain !== undefined) return { of: plain };
  if (text === 'error ratio') return { of: 'errors' };
  if (/^[45]/.test(text)) return { of: 'status', status: text };
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

/** The numbers of a plan's requests by the names that an objective may call them by. */
export type RequestNames = Readonly<Record<'step' | 'scenario', ReadonlyMap<string, readonly number[]>>>;

export function requestNames(all: readonly { readonly scenario: string; readonly step: string }[]): RequestNames {
  const numbered = all.map((each, number) => ({ ...each, number }));
  const numbers = (by: 'step' | 'scenario') =>
    new Map(
      Array.from(
        Map.groupBy(numbered, (each) => each[by]),
        ([name, own]) => [name, own.map((each) => each.number)],
      ),
    );
  return { step: numbers('step'), scenario: numbers('scenario') };
}

/**
 * The numbers of the requests that a name stands for: all steps of that name, or those of the scenario. Where it is the name of both, and
 * not of the same requests, it is `unclear` unless it says `step NAME` or `scenario NAME`. None where nothing has the name.
 */
export function stepsNamed(name: string, names: RequestNames): readonly number[] | 'unclear' {
  const [ofSteps, ofScenario] = [names.step.get(name), names.scenario.get(name)];
  if (ofSteps !== undefined && ofScenario !== undefined)
    return String(ofSteps) === String(ofScenario) ? ofSteps : 'unclear';
  const [, kind, rest = ''] = /^(step|scenario) (.*)$/.exec(name) ?? [];
  return (
    ofSteps ?? ofScenario ?? names[kind === 'step' ? 'step' : 'scenario'].get(kind === undefined ? name : rest) ?? []
  );
}

/** The same with the numbers of its steps, where it names requests. */
export function withSteps<T extends { readonly metric: ObjectiveMetric }>(each: T, names: RequestNames): T {
  const { requests } = each.metric;
  if (requests === undefined) return each;
  const steps = stepsNamed(requests, names);
  return { ...each, metric: { ...each.metric, steps: steps === 'unclear' ? [] : steps } };
}
