import type { Path } from '../../document/problems.ts';
import { asList, asRecord } from '../../plan/draft.ts';
import { durationText } from './durations.ts';
import { wordOf } from './names.ts';
import type { Remarks } from './remarks.ts';

const LEGACY = ['min', 'max', 'median', 'p50', 'p75', 'p90', 'p95', 'p99', 'p999'];

/** One comparison, as written. */
interface Check {
  readonly metric: string;
  readonly op: string;
  readonly limit: string;
}

/** What artillery-plugin-ensure asks of a run, as objectives of each phase: https://www.artillery.io/docs/reference/extensions/ensure */
export function objectivesOf(written: unknown, path: Path, remarks: Remarks): string[] {
  const ensure = asRecord(written);
  const objectives: string[] = [];
  const add = (check: Check, place: Path): void => {
    const objective = objectiveOf(check);
    const { metric, op, limit } = check;
    if (objective !== undefined) objectives.push(objective);
    else remarks.leftOut([...path, ...place], `the check ${metric} ${op} ${limit}, which no objective of a plan says`);
  };
  asList(ensure['thresholds']).forEach((each, i) => {
    for (const [metric, limit] of Object.entries(asRecord(each)))
      add({ metric, op: '<', limit: wordOf(limit) }, ['thresholds', i]);
  });
  asList(ensure['conditions']).forEach((each, i) => {
    for (const part of wordOf(asRecord(each)['expression']).split(/\band\b/)) {
      const [, metric = part.trim(), op = '', limit = ''] =
        /^[\s(]*([\w.]+)\s*(<=|>=|==|<|>)\s*([\d.]+)[\s)]*$/.exec(part) ?? [];
      add({ metric, op, limit }, ['conditions', i]);
    }
  });
  for (const key of LEGACY)
    if (key in ensure) add({ metric: `http.response_time.${key}`, op: '<', limit: wordOf(ensure[key]) }, [key]);
  if ('maxErrorRate' in ensure)
    add({ metric: 'maxErrorRate', op: '<=', limit: wordOf(ensure['maxErrorRate']) }, ['maxErrorRate']);
  if (objectives.length > 0)
    remarks.changed(
      path,
      'ensure judges the whole run, by the time to the first byte and by users that failed; the plan each phase, by whole response times and requests that failed',
    );
  return [...new Set(objectives)];
}

/** `== 0`, `<= 0`, `< 1`. */
const isNone = (op: string, limit: number): boolean =>
  (limit === 0 && (op === '==' || op === '<=')) || (limit === 1 && op === '<');

function objectiveOf({ metric, op, limit: written }: Check): string | undefined {
  const limit = Number.parseFloat(written);
  if (Number.isNaN(limit)) return undefined;
  if (metric === 'vusers.failed') return isNone(op, limit) ? 'errors <= 0%' : undefined;
  if (metric === 'maxErrorRate') return `errors ${op} ${limit}%`;
  const [, stat = ''] = /^(?:http\.)?response_time(?:\.2xx)?\.(\w+)$/.exec(metric) ?? [];
  const names: Readonly<Record<string, string>> = { median: 'p50', p999: 'p99.9', mean: 'mean', max: 'max' };
  const name = names[stat] ?? (/^p\d\d$/.test(stat) ? stat : undefined);
  if (name !== undefined && op.startsWith('<')) return `${name} ${op} ${durationText(limit)}`;
  if (metric === 'http.request_rate' && op.startsWith('>')) return `throughput ${op} ${limit}/s`;
  return undefined;
}
