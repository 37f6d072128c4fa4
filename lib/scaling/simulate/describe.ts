import { prices } from '../../environment/cost/prices.ts';
import { counted, formatNumber, formatRatio, formatUs } from '../../units.ts';
import type { ServiceModel } from '../service-model.ts';
import { peakOf, type Traffic } from '../traffic/traffic.ts';
import type { Simulation } from './simulation.ts';
import type { Candidate, Knobs, Tuning } from './tune.ts';

const usd = (value: number | undefined): string => (value === undefined ? 'no price known' : `$${value.toFixed(2)}`);

/** The value below which a share of the minutes lies. */
function quantile(minutes: Float64Array, share: number): number {
  const sorted = minutes.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** A simulation in a dozen lines. */
export function describeSimulation(course: Simulation, traffic: Traffic, model: ServiceModel): string {
  const { minutes, arrivals, served, dropped, queued, violatedMinutes, activities, flaps } = course;
  const [middle, slow, worst] = [0.5, 0.99, 1].map((share) => formatUs(quantile(minutes.responseUs, share)));
  const outs = activities.filter(({ from, to }) => to > from).length;
  return [
    `${traffic.name}: ${counted(minutes.perSecond.length, 'minute')}, peak ${formatNumber(peakOf(traffic))}/s`,
    `  requests        ${formatNumber(arrivals)} = ${formatNumber(served)} served + ${formatNumber(dropped)} lost + ${formatNumber(queued)} queued at the end`,
    `  objectives      missed in ${counted(violatedMinutes, 'minute')} (${formatRatio(violatedMinutes / minutes.perSecond.length)}); limit ${formatUs(model.limitUs)}`,
    `  response time   half of the minutes ${middle}, 99 % ${slow}, worst ${worst}`,
    `  tasks           ${formatNumber(course.taskHours)} task hours, at the most ${formatNumber(quantile(minutes.running, 1))} running`,
    `  scaling         ${counted(outs, 'scale-out')}, ${counted(activities.length - outs, 'scale-in')}, ${counted(flaps, 'flap')}, ${counted(Math.round(course.minutesAtMaximum), 'minute')} at the maximum`,
    `  over-provided   ${formatNumber(course.overProvisionedTaskMinutes / 60)} task hours beyond the load and a quarter`,
    `  cost            ${usd(course.usd)}, ${usd(course.usd && (course.usd * 1e6) / Math.max(1, served))} a million requests (prices of ${prices.region}, ${prices.asOf})`,
    ...model.assumed.map((text) => `  assumed         ${text}`),
  ].join('\n');
}

function describeKnobs(knobs: Knobs | undefined): string {
  if (knobs === undefined) return 'the policy given';
  const { headroomRatio, everySeconds, jump, schedule, predictive } = knobs;
  return [
    `headroom ${formatRatio(headroomRatio)}`,
    `CPU every ${everySeconds} s`,
    ...(jump ? ['steps'] : []),
    ...(schedule === 'none' ? [] : [schedule === 'as is' ? 'its schedule' : 'schedule from the traffic']),
    ...(predictive ? ['predictive'] : []),
  ].join(', ');
}

const line = ({ knobs, violatedMinutes, taskHours, usd: cost, flaps }: Candidate): string =>
  `  ${counted(violatedMinutes, 'minute').padStart(13)}  ${usd(cost).padStart(12)}  ${formatNumber(taskHours).padStart(9)} h  ${counted(flaps, 'flap').padStart(9)}   ${describeKnobs(knobs)}`;

/** What a search over policies has found: the given one, the best, and what fewer violated minutes would cost. */
export function describeTuning({ given, best, frontier, tried }: Tuning): string {
  return [
    `${counted(tried, 'policy', 'policies')} simulated. Minutes beyond the objectives, cost, task hours, flaps:`,
    'given',
    line(given),
    'cheapest with no more minutes beyond the objectives',
    line(best),
    'the frontier: fewer such minutes cost more',
    ...frontier.map(line),
  ].join('\n');
}

/** The course by the minute, as CSV (RFC 4180). */
export function simulationCsv({ startMs, minutes }: Simulation): string {
  const rows = Array.from(minutes.perSecond, (rate, at) =>
    [
      new Date(startMs + at * 60_000).toISOString(),
      rate.toFixed(2),
      minutes.desired[at],
      minutes.running[at],
      (minutes.cpuRatio[at] ?? 0).toFixed(4),
      Math.round(minutes.responseUs[at] ?? 0),
    ].join(','),
  );
  return ['time,requests_per_second,desired_tasks,running_tasks,cpu_ratio,response_time_us', ...rows, ''].join('\r\n');
}
