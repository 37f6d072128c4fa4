import type { Summary } from '../../../lib/report/summary.ts';
import type { OtlpPoint } from '../../lib/outputs/otlp-reader.ts';

/** By phase, scenario, step and outcome. */
export type Counts = Record<string, number>;

/** What ended, from summary.json. */
export const countsIn = ({ phases }: Summary): Counts =>
  sums(
    phases.flatMap(({ name: phase, scenarios }) =>
      scenarios.flatMap(({ name: scenario, steps }) =>
        steps.flatMap(({ name: step, ledger: { ok, failures, timedOut, cut } }) =>
          Object.entries({ ok, ...failures, timedOut, cut }).map(([outcome, count]): [string, number] => [
            [phase, scenario, step, outcome].join('/'),
            count,
          ]),
        ),
      ),
    ),
  );

/** Outcomes that never happened are as good as none. */
export function sums(entries: Iterable<readonly [string, number]>): Counts {
  const total: Counts = {};
  for (const [key, count] of entries) if (count > 0) total[key] = (total[key] ?? 0) + count;
  return Object.fromEntries(Object.entries(total).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export const keyOf = ({ phase, scenario, step, outcome }: Readonly<Record<string, string>>): string =>
  [phase, scenario, step, outcome].join('/');

/** At the middle of the bucket that holds it. */
export function p99Of(exponential: OtlpPoint['exponential']): number {
  const { zeroCount = 0, counts = [], count = 0, offset = 0, scale = 0 } = exponential ?? {};
  let seen = zeroCount;
  const bucket = counts.findIndex((each) => (seen += each) >= Math.ceil(count * 0.99));
  return 2 ** ((offset + bucket + 0.5) / 2 ** scale);
}

interface JsonPoint {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
  readonly asDouble?: number;
}
interface JsonRequest {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly name: string;
        readonly sum?: { readonly dataPoints: readonly JsonPoint[] };
      }[];
    }[];
  }[];
}

export const pointsInJson = (line: unknown): [string, number][] =>
  (line as JsonRequest).resourceMetrics
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
    .filter(({ name }) => name === 'plimsoll.requests')
    .flatMap(({ sum }) => sum?.dataPoints ?? [])
    .map(({ attributes, asDouble = 0 }) => [
      keyOf(Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]))),
      asDouble,
    ]);

export const countsOfStatsd = (lines: readonly string[]): [string, number][] =>
  lines.flatMap((line) => {
    const [, name = '', count] = /^plimsoll\.requests\.(\w+\.\w+\.\w+\.\w+):(\d+)\|c$/.exec(line) ?? [];
    return count === undefined ? [] : [[name.replaceAll('.', '/'), Number(count)]];
  });
