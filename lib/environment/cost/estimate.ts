import type { ServiceConfiguration } from '../environment.ts';
import type { EnvironmentConfiguration } from '../parse.ts';
import type { ScalingPolicy } from '../scaling-policy.ts';
import { HOURS, type Line, linesOf } from './lines.ts';
import { type PriceTable, x86Of } from './prices.ts';
import { meanLeastTasks } from './week.ts';

/** What something saves a month, in USD; undefined where a price it needs is unknown. */
export interface Saving {
  readonly what: string;
  readonly usd: number | undefined;
}

/** A month's cost, in USD, without what depends on traffic. */
export interface Estimate {
  readonly lines: readonly Line[];
  /** Sums over the lines with a price. */
  readonly leastUsd: number;
  readonly mostUsd: number;
  /** Items without a price: the sums are too low by them. */
  readonly unknown: readonly string[];
  readonly savings: readonly Saving[];
}

/** What an environment costs a month, with the fewest tasks that scaling allows and with the most. Spot counts as on demand. */
export function estimate(configuration: EnvironmentConfiguration, prices: PriceTable): Estimate {
  const lines = linesOf(configuration, prices);
  const sum = (count: (line: Line) => number): number =>
    lines.reduce((total, line) => total + count(line) * (line.usdEach ?? 0), 0);
  return {
    lines,
    leastUsd: sum(({ least }) => least),
    mostUsd: sum(({ most }) => most),
    unknown: lines.filter(({ usdEach }) => usdEach === undefined).map(({ item }) => item),
    savings: savingsOf(configuration, lines, prices),
  };
}

function savingsOf(
  { environment, scaling }: EnvironmentConfiguration,
  lines: readonly Line[],
  prices: PriceTable,
): Saving[] {
  const { staging } = environment;
  const compute = lines.find(({ item }) => item.startsWith('EC2 ') || item.startsWith('Fargate task,'));
  if (staging === undefined || compute === undefined) return [];
  return [
    spotSaving(staging.service.capacity, compute, prices),
    ...gravitonSavings(lines, staging.service.architecture, prices),
    scheduleSaving(scaling, compute, staging.service),
  ].flatMap((saving) => saving ?? []);
}

/** At full scale and at most, since the price of Spot is not known in advance. */
function spotSaving(
  capacity: ServiceConfiguration['capacity'],
  { most, usdEach }: Line,
  prices: PriceTable,
): Saving | undefined {
  const [{ onDemandBase, spotShare }, upTo] =
    'ec2' in capacity ? [capacity.ec2, prices.spotSavesUpTo.ec2] : [capacity.fargate, prices.spotSavesUpTo.fargate];
  if (spotShare === 0) return undefined;
  const onSpot = Math.max(0, most - onDemandBase) * spotShare;
  const what = `Spot, at full scale: up to ${upTo * 100} % of ${Number(onSpot.toFixed(1))} of ${most}`;
  return { what, usd: usdEach === undefined ? undefined : onSpot * usdEach * upTo };
}

/** Against the x86 machine that does the same work, for tasks and database, at the least that runs. */
function gravitonSavings(
  lines: readonly Line[],
  architecture: ServiceConfiguration['architecture'],
  prices: PriceTable,
): Saving[] {
  return lines.flatMap((line) => {
    const x86 = x86Usd(line, architecture, prices);
    if (x86 === 'same') return [];
    const isKnown = x86 !== undefined && line.usdEach !== undefined;
    return { what: `Graviton: ${line.item}`, usd: isKnown ? line.least * (x86 - (line.usdEach ?? 0)) : undefined };
  });
}

/** USD a month of the x86 counterpart; `same` for what has none. */
function x86Usd(
  { item, usdEach }: Line,
  architecture: ServiceConfiguration['architecture'],
  prices: PriceTable,
): number | 'same' | undefined {
  const [, kind, type = ''] = /^(EC2 |RDS PostgreSQL db\.)(.+)$/.exec(item) ?? [];
  if (kind !== undefined) {
    const twin = x86Of[type];
    if (twin === undefined) return 'same';
    const machine = kind === 'EC2 ' ? prices.ec2[twin] : prices.database[twin];
    return machine && machine.usdPerHour * HOURS;
  }
  if (!item.startsWith('Fargate') || architecture !== 'arm64') return 'same';
  const { arm64, x86_64 } = prices.fargate;
  // Both parts of the price differ by the same share.
  return usdEach === undefined ? undefined : (usdEach * x86_64.usdPerVcpuHour) / arm64.usdPerVcpuHour;
}

/** Against keeping the highest scheduled minimum around the clock. */
function scheduleSaving(scaling: ScalingPolicy, compute: Line, service: ServiceConfiguration): Saving | undefined {
  const highest = Math.max(scaling.tasks.min, ...scaling.schedule.map(({ min }) => min));
  const mean = meanLeastTasks(scaling);
  if (scaling.schedule.length === 0) return undefined;
  const what = `the schedule, instead of ${highest} tasks around the clock`;
  if (mean === undefined || compute.usdEach === undefined) return { what, usd: undefined };
  const tasksEach = 'ec2' in service.capacity ? compute.most / Math.max(1, scaling.tasks.max) : 1;
  return { what, usd: (highest - mean) * tasksEach * compute.usdEach };
}
