import type { GivenTimes } from '../../measure/given.ts';
import type { TimeDefinition } from '../../measure/provenance.ts';
import { ledgerOf } from '../building/ledger.ts';
import { outcomeOfStatus } from '../reading/failure.ts';
import { momentOf } from '../reading/clock.ts';
import type { Imported, Importer } from '../reading/importer.ts';
import { countAt, has, listOf, numberAt, objectOf, stringAt, under } from '../reading/json.ts';
import { spanUs, toUs } from '../reading/units.ts';

const TIMES: TimeDefinition = { from: 'request', to: 'last-byte', connect: null, failed: 'all', stepUs: 1 };

/** `fortio load -json`, and what Nighthawk writes in its form. Times are seconds, durations ns. */
export const fortio: Importer = {
  name: 'fortio JSON',
  takes: 'document',
  recognises: ({ json }) => has(json, 'DurationHistogram', 'Data'),
  read: ({ json }) => read(json),
};

function read(json: unknown): Imported {
  const histogram = under(json, 'DurationHistogram');
  const times = timesOf(histogram);
  const codes = Object.keys(objectOf(under(json, 'RetCodes'))).map(
    (code) => [outcomeOfCode(code), countAt(json, 'RetCodes', code)] as const,
  );
  const known = codes.reduce((sum, [, count]) => sum + count, 0);
  const started = momentOf(stringAt(json, 'StartTime') ?? '').us / 1000;
  const seconds = secondsOf(json);
  const version = stringAt(json, 'Version');
  const target = stringAt(json, 'URL');
  return {
    tool: 'fortio',
    ...(version !== undefined && { version }),
    evidence: 'buckets',
    times: TIMES,
    model: 'unknown',
    load: `${countAt(json, 'NumThreads')} connections, ${stringAt(json, 'RequestedQPS') ?? countAt(json, 'RequestedQPS')} requests/s asked for`,
    ...(target !== undefined && { target }),
    ...(Number.isFinite(started) && { startedAtMs: started }),
    ...(seconds > 0 && { seconds }),
    total: {
      name: 'all requests',
      ledger: ledgerOf(known > 0 ? codes : [['cut', times.count]]),
      ...(times.count > 0 && { times }),
    },
    cannotSay: [
      'Whether its connections were made anew for each request, and are in the times, it does not say.',
      'It does not say when in the run anything happened.',
    ],
    remarks:
      known > 0 && known !== times.count ? [`It has ${known} replies, and times of ${times.count} requests.`] : [],
  };
}

/** −1 is a request without a reply; gRPC's states are words. */
const outcomeOfCode = (code: string): string =>
  code === 'SERVING' || code === 'OK'
    ? 'ok'
    : Number(code) >= 100
      ? outcomeOfStatus(Number(code))
      : `error: ${code === '-1' ? 'no reply' : code.slice(0, 40)}`;

/** ns; Nighthawk's older form has whole seconds. */
function secondsOf(json: unknown): number {
  const actual = numberAt(json, 'ActualDuration');
  if (actual > 1e6) return actual / 1e9;
  return actual > 0 ? actual : spanUs(stringAt(json, 'RequestedDuration')) / 1e6;
}

const us = (seconds: number): number => toUs(seconds, 1e6);

function timesOf(histogram: unknown): GivenTimes {
  let sum = 0;
  const data = listOf(under(histogram, 'Data'));
  const buckets = data.map((each) => [us(numberAt(each, 'End')), (sum += countAt(each, 'Count'))] as const);
  const ranks = listOf(under(histogram, 'Percentiles')).map(
    (each) => [numberAt(each, 'Percentile'), us(numberAt(each, 'Value'))] as const,
  );
  const first = data.find((each) => countAt(each, 'Count') > 0);
  const [min, max] = [numberAt(histogram, 'Min'), numberAt(histogram, 'Max')];
  return {
    count: countAt(histogram, 'Count') || sum,
    min: us(Number.isFinite(min) ? min : numberAt(first, 'Start')),
    mean: us(numberAt(histogram, 'Avg')),
    max: Number.isFinite(max) ? us(max) : (buckets.at(-1)?.[0] ?? Number.NaN),
    ranks: ranks.length > 0 ? ranks : edgesOf(data),
    buckets,
  };
}

/** Nighthawk's buckets end at round percentages: those edges are percentiles. */
function edgesOf(data: readonly unknown[]): GivenTimes['ranks'] {
  const wanted = [50, 75, 90, 95];
  return wanted.flatMap((rank) => {
    const edge = data.find((each) => Math.abs(numberAt(each, 'Percent') - rank) < 0.001);
    return edge === undefined ? [] : [[rank, us(numberAt(edge, 'End'))] as const];
  });
}
