import type { BadCount } from '../../../../lib/measure/measurement.ts';
import type { Probe, ProbeObjective, SearchObjective } from '../../../../lib/analysis/capacity/probe.ts';
import type { SearchSettings } from '../../../../lib/analysis/capacity/history.ts';
import { nextProbe, type EndReason, type ProbeStep } from '../../../../lib/analysis/capacity/search.ts';
import { exponential, type Draw, type SimulatedReply, type SimulatedServer } from './servers.ts';

/** Virtual time between two probes. */
const GAP_SECONDS = 0.1;

interface Reply {
  readonly second: number;
  readonly responseUs: number;
  readonly ok: boolean;
}

/** A probe of a simulated server from `from` on: arrivals at equal distances, or random by `draw`. Replies after its end are cut. */
export function runProbe(
  server: SimulatedServer,
  objectives: readonly SearchObjective[],
  { perSecond, seconds, settleSeconds, purpose }: ProbeStep,
  from: number,
  draw: Draw | undefined,
): Probe {
  const whole = Math.ceil(seconds);
  const counts = Array.from({ length: whole }, () => ({ started: 0, ended: 0, ok: 0 }));
  const replies: Reply[] = [];
  const gap = draw === undefined ? () => 1 / perSecond : () => exponential(draw)(1 / perSecond);
  let userSeconds = 0;
  const served: (readonly [at: number, reply: SimulatedReply])[] = [];
  for (let at = draw === undefined ? 0 : gap(); at < seconds; at += gap()) served.push([at, server.serve(from + at)]);
  server.until?.(from + seconds);
  for (const [at, { endSeconds, ok, requests }] of served) {
    const end = endSeconds - from;
    userSeconds += Math.max(0, Math.min(seconds, end) - Math.max(settleSeconds, at));
    (counts[Math.floor(at)] as { started: number }).started += 1;
    for (const each of requests ?? [{ endSeconds, seconds: end - at, ok }]) {
      const second = Math.floor(each.endSeconds - from) - settleSeconds;
      if (each.endSeconds - from < seconds && second >= 0)
        replies.push({ second, responseUs: each.seconds * 1e6, ok: each.ok });
    }
    if (end >= seconds) continue;
    const second = counts[Math.floor(end)] as { ended: number; ok: number };
    second.ended += 1;
    second.ok += ok ? 1 : 0;
  }
  const times = Float64Array.from(replies, ({ responseUs }) => responseUs).sort();
  return {
    purpose,
    perSecond,
    durationSeconds: seconds,
    seconds: counts.slice(settleSeconds),
    users: userSeconds / (seconds - settleSeconds),
    meanUs: times.reduce((sum, each) => sum + each, 0) / times.length,
    medianUs: percentile(times, 0.5),
    objectives: objectives.map((objective) => judged(objective, replies, times, whole - settleSeconds)),
  };
}

const percentile = (sorted: Float64Array, share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;

function judged(
  { allowedRatio = 1, limitUs }: SearchObjective,
  replies: readonly Reply[],
  times: Float64Array,
  length: number,
): ProbeObjective {
  const seconds = Array.from({ length }, () => ({ count: 0, bad: 0 }));
  for (const { second, responseUs, ok } of replies) {
    const at = seconds[second] as { count: number; bad: number };
    at.count += 1;
    if (!ok || (limitUs !== undefined && responseUs >= limitUs)) at.bad += 1;
  }
  const bad = seconds.reduce((sum: number, each: BadCount) => sum + each.bad, 0);
  return {
    verdict: replies.length === 0 ? 'unknown' : bad / replies.length < allowedRatio ? 'pass' : 'fail',
    seconds,
    ...(limitUs !== undefined && replies.length > 0 && { quantileUs: percentile(times, 1 - allowedRatio) }),
  };
}

export interface Searched {
  readonly probes: readonly Probe[];
  readonly reason: EndReason | 'endless';
  readonly seconds: number;
}

export function simulate(
  server: SimulatedServer,
  settings: SearchSettings,
  draw: Draw | undefined,
  each: (probe: Probe) => Probe = (probe) => probe,
  journeySeconds = 0,
): Searched {
  const probes: Probe[] = [];
  let at = 0;
  for (let n = 0; n < 200; n += 1) {
    const step = nextProbe(settings, probes);
    if (step.do === 'end') return { probes, reason: step.reason, seconds: at };
    const longer = { seconds: step.seconds + journeySeconds, settleSeconds: step.settleSeconds + journeySeconds };
    probes.push(each(runProbe(server, settings.objectives, { ...step, ...longer }, at, draw)));
    at += longer.seconds + GAP_SECONDS;
  }
  return { probes, reason: 'endless', seconds: at };
}
