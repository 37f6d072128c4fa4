import { parse } from 'csv-parse/sync';
import { messageOf, PlimsollError } from '../../errors.ts';
import { ianaTimezone } from '../../environment/clock.ts';
import { quote } from '../../document/problems.ts';
import { momentsOf } from './local-time.ts';
import type { Traffic } from './traffic.ts';

/** A traffic file's text, and the path that messages name. */
export interface TrafficText {
  readonly path: string;
  readonly text: string;
}

/** Columns that hold traffic: a rate, or a count of requests in the row's time, as a balancer's `RequestCount` by Sum is. */
const RATES = new Set(['requestspersecond', 'requests_per_second', 'persecond', 'rps', 'balancer.requests_per_second']);
const COUNTS = new Set(['requests', 'requestcount', 'count', 'sum']);
const TIMES = new Set(['time', 'timestamp', 'hour', 'date']);

interface Row {
  readonly line: number;
  readonly time: string;
  readonly value: string;
}

interface Table {
  readonly rows: readonly Row[];
  readonly counts: boolean;
}

const MOST_SHOWN = 5;

/** @throws PlimsollError E-USAGE for a zone that does not exist */
export function refuseTimezone(timezone: string | undefined): void {
  if (timezone !== undefined && !ianaTimezone.safeParse(timezone).success)
    throw new PlimsollError('E-USAGE', `--timezone takes an IANA name such as Europe/London, not ${timezone}.`);
}

/**
 * Reads traffic by the hour (or finer) from CSV: a column of times and one of requests a second, or of requests. Times without an offset are
 * those of `timezone`, in which weeks and days are counted too; without it they must have one, and weeks are those of UTC.
 * @throws PlimsollError E-TRAFFIC-INVALID, E-USAGE for a zone that does not exist
 */
export function parseTraffic({ path, text }: TrafficText, timezone: string | undefined): Traffic {
  refuseTimezone(timezone);
  const table = tableOf(path, text);
  const problems: string[] = [];
  const points: Point[] = [];
  for (const row of table.rows) {
    const read = pointOf(row, timezone, points.at(-1)?.atMs);
    if (typeof read === 'string') problems.push(`${path}:${row.line} ${read}`);
    else points.push(read);
  }
  if (problems.length > 0) throw invalid(path, problems);
  const stepSeconds = stepOf(path, points);
  const perSecond = points.map(({ value }) => (table.counts ? value / stepSeconds : value));
  if (perSecond.every((each) => each === 0)) throw invalid(path, [`${path} holds no request; give hours with traffic`]);
  return { name: path, timezone: timezone ?? 'UTC', startMs: points[0]?.atMs ?? 0, stepSeconds, perSecond };
}

function invalid(path: string, problems: readonly string[]): PlimsollError {
  const more = problems.length > MOST_SHOWN ? [`… and ${problems.length - MOST_SHOWN} more`] : [];
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new PlimsollError('E-TRAFFIC-INVALID', `the traffic ${path} has ${count}.`, [
    ...problems.slice(0, MOST_SHOWN),
    ...more,
  ]);
}

function tableOf(path: string, text: string): Table {
  const records = recordsOf(path, text);
  const [header, ...body] = records;
  if (header === undefined || body.length === 0)
    throw invalid(path, [`${path} is empty; write a line time,requestsPerSecond and below it one line an hour`]);
  const names = header.record.map((name) => name.trim().toLowerCase());
  const time = names.findIndex((name) => TIMES.has(name));
  const rate = names.findIndex((name) => RATES.has(name));
  const count = names.findIndex((name) => COUNTS.has(name));
  const value = rate === -1 ? count : rate;
  if (time === -1 || value === -1)
    throw invalid(path, [
      `${path}:${header.line} has the columns ${names.join(', ')}; one must be time, and one requestsPerSecond, or requests for a count`,
    ]);
  return {
    counts: rate === -1,
    rows: body.map(({ record, line }) => ({ line, time: record[time] ?? '', value: record[value] ?? '' })),
  };
}

function recordsOf(path: string, text: string): { record: string[]; line: number }[] {
  try {
    const options = { bom: true, skip_empty_lines: true, trim: true, comment: '#', comment_no_infix: true, info: true };
    const read = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    return read.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (error) {
    throw invalid(path, [`${path} is no CSV: ${messageOf(error)}`]);
  }
}

interface Point {
  readonly atMs: number;
  readonly value: number;
  readonly line: number;
}

const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:\.\d+)?)?\s?(Z|[+-]\d\d:?\d\d)?$/;

/** A row as a moment and a value, or what is wrong with it. */
function pointOf({ time, value, line }: Row, timezone: string | undefined, beforeMs = Number.NaN): Point | string {
  const amount = value === '' ? Number.NaN : Number(value);
  if (!(amount >= 0 && Number.isFinite(amount)))
    return `${quote(value)} is no number of requests; write one of 0 or more, and fill hours that were not measured`;
  const [, date, clock, seconds = '00', offset] = TIME.exec(time) ?? [];
  if (date === undefined) return `${quote(time)} is no time; write it as 2026-03-02T09:00Z`;
  const localMs = Date.parse(`${date}T${clock}:${seconds}Z`);
  if (Number.isNaN(localMs)) return `${quote(time)} does not exist`;
  if (offset !== undefined)
    return { atMs: Date.parse(`${date}T${clock}:${seconds}${colon(offset)}`), value: amount, line };
  if (timezone === undefined)
    return `${quote(time)} says no time zone; write 2026-03-02T09:00Z or +01:00, or give --timezone Europe/London`;
  const moments = cachedMoments(timezone, localMs);
  // In autumn an hour comes twice: the second time after the first.
  const atMs = moments.find((moment) => !(moment <= beforeMs)) ?? moments.at(-1);
  return atMs === undefined
    ? `${quote(time)} does not exist in ${timezone}, where clocks jump over it; is the file in another zone?`
    : { atMs, value: amount, line };
}

const QUARTER_MS = 900_000;
const quarters = new Map<string, readonly number[]>();

/** Clocks change at a quarter of an hour, if they do; asking once for each makes a year by the minute quick. */
function cachedMoments(timezone: string, localMs: number): readonly number[] {
  const within = localMs % QUARTER_MS;
  const key = `${timezone} ${localMs - within}`;
  const known = quarters.get(key) ?? momentsOf(timezone, localMs - within);
  quarters.set(key, known);
  return known.map((atMs) => atMs + within);
}

const colon = (offset: string): string =>
  offset === 'Z' || offset.includes(':') ? offset : `${offset.slice(0, 3)}:${offset.slice(3)}`;

/** The length of all steps. */
function stepOf(path: string, points: readonly Point[]): number {
  const [first, second] = points;
  if (first === undefined || second === undefined)
    throw invalid(path, [`${path} has one row; a day, 24 rows of an hour, is the least that says anything`]);
  const stepMs = smallestStep(points);
  const stepSeconds = stepMs / 1000;
  const problems = points.slice(1).flatMap(({ atMs, line }, i) => {
    const before = points[i] ?? first;
    const missing = (atMs - before.atMs) / stepMs - 1;
    if (missing === 0) return [];
    const from = new Date(before.atMs + stepMs).toISOString();
    return missing > 0
      ? [`${path}:${line} a gap: ${Math.round(missing)} rows are missing from ${from} on; fill them in`]
      : [`${path}:${line} is not after the row above; sort the rows, and leave none in twice`];
  });
  if (problems.length > 0) throw invalid(path, problems);
  if (stepSeconds < 60 || stepSeconds > 3600 || 3600 % stepSeconds !== 0)
    throw invalid(path, [
      `${path} has a row every ${stepSeconds} s; give one an hour, or a part of an hour from 1 minute on`,
    ]);
  return stepSeconds;
}

function smallestStep(points: readonly Point[]): number {
  const steps = points.slice(1).map(({ atMs }, i) => atMs - (points[i]?.atMs ?? 0));
  const forward = steps.filter((step) => step > 0);
  return forward.length === 0 ? 1000 : forward.reduce((least, step) => Math.min(least, step));
}
