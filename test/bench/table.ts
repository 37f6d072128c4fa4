import type { CaseResult, Entry } from './cases.ts';
import type { OwnRow } from './own/row.ts';

const fixed = (value: number, digits: number): string => (Number.isFinite(value) ? value.toFixed(digits) : '–');
const times = (value: number, digits: number): string => (Number.isFinite(value) ? `${value.toFixed(digits)}×` : '–');
const whole = (value: number): string => (Number.isFinite(value) ? Math.round(value).toLocaleString('en') : '–');
const significant = (value: number): string => fixed(value, value < 10 ? 2 : value < 100 ? 1 : 0);

/** ms from µs, as a figure without its unit; a dash for what a tool doesn't report. */
export const ms = (us: number | undefined): string => (us === undefined ? '–' : significant(us / 1000));

/** A Markdown table; the first column is text, all others are figures. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Entries with the cheapest first. */
const byCost = (entries: readonly Entry[]): readonly Entry[] =>
  [...entries].sort((a, b) => a.row.cpuUsPerRequest - b.row.cpuUsPerRequest);

/** What a request costs, and how that compares with Plimsoll: a ratio above 1 costs more than it. */
export function costTable({ entries }: CaseResult): string {
  const own = entries.find(({ peer }) => peer === 'Plimsoll')?.row;
  const rows = byCost(entries).map(({ peer, version, row }) => [
    `${peer} ${version}`,
    significant(row.cpuUsPerRequest),
    significant(row.spreadUs),
    times(row.cpuUsPerRequest / (own?.cpuUsPerRequest ?? Number.NaN), 2),
    significant(row.marginalUsPerRequest),
    times(row.marginalUsPerRequest / (own?.marginalUsPerRequest ?? Number.NaN), 2),
    fixed(row.startUpCpuSeconds, 2),
    whole(row.requestsPerCoreSecond),
    whole(row.servedPerSecond),
    fixed(row.peakRssBytes / 1e6, 0),
  ]);
  const head = ['tool', 'CPU µs/request', 'spread', '÷ Plimsoll', 'without start-up', '÷ Plimsoll', 'start-up CPU s'];
  return table([...head, 'requests/core-second', 'requests/s', 'peak MB'], rows);
}

/** What a fixed rate came to, and the response times that each tool tells of it. */
export function rateTable({ plan, entries }: CaseResult): string {
  const rows = byCost(entries).map(({ peer, version, row }) => [
    `${peer} ${version}`,
    fixed(row.servedPerSecond, 1),
    `${fixed((row.servedPerSecond / plan.perSecond - 1) * 100, 2)} %`,
    significant(row.cpuUsPerRequest),
    ms(row.p50Us),
    ms(row.p99Us),
    ms(row.p999Us),
    fixed(row.peakRssBytes / 1e6, 0),
  ]);
  const head = ['tool', 'requests/s', 'off by', 'CPU µs/request', 'p50 ms', 'p99 ms', 'p99.9 ms', 'peak MB'];
  return table(head, rows);
}

/** What Plimsoll is to reach: its CPU a request by a peer's. */
interface Goal {
  readonly work: string;
  readonly peer: string;
  readonly most: number;
}

const GOALS: readonly Goal[] = [
  { work: 'get', peer: 'wrk', most: 1.25 },
  { work: 'get', peer: 'autocannon', most: 0.75 },
  { work: 'scenario', peer: 'k6', most: 1 / 8 },
  { work: 'scenario', peer: 'Artillery', most: 1 / 30 },
  { work: 'scenario', peer: 'Locust', most: 1 / 15 },
];

/** Plimsoll's own rows, and its ratios against the peers, each with its goal. */
export function goalTable(cases: readonly CaseResult[], own: readonly OwnRow[]): string {
  const ratios = GOALS.flatMap(({ work, peer, most }) => {
    const entries = cases.find(({ plan }) => plan.work === work)?.entries ?? [];
    const [ours, theirs] = ['Plimsoll', peer].map((name) => entries.find((entry) => entry.peer === name)?.row);
    if (ours === undefined || theirs === undefined) return [];
    const ratio = ours.cpuUsPerRequest / theirs.cpuUsPerRequest;
    const marginal = ours.marginalUsPerRequest / theirs.marginalUsPerRequest;
    const measured = `${times(ratio, 3)} (without start-up ${times(marginal, 3)})`;
    const holds = ratio <= most ? 'yes' : marginal <= most ? 'without start-up' : 'no';
    return [[`${work}: CPU a request against ${peer}`, measured, `≤ ${times(most, 3)}`, holds]];
  });
  const rows = own.map(({ name, measured, goal, holds }) => [name, measured, goal, holds ? 'yes' : 'no']);
  return table(['what', 'measured', 'goal', 'holds'], [...ratios, ...rows]);
}
