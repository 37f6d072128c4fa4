import { setTimeout as delay } from 'node:timers/promises';
import type { Interval } from '../lib/measure/interval.ts';
import { Recorder } from '../lib/measure/recorder.ts';
import { phaseSeed, type Plan } from '../lib/plan/plan.ts';
import type { Phase } from '../lib/plan/phase.ts';
import type { Share } from '../lib/schedule/arrivals.ts';
import { phaseClock } from './clock.ts';
import { ClosedLoop } from './closed-loop.ts';
import { Feeders } from './feeders.ts';
import type { PhaseContext } from './journey.ts';
import { OpenLoop } from './open-loop.ts';
import { compilePrograms } from './program.ts';
import type { Sender } from './sender.ts';

/** One worker's part of one phase. */
export interface PhaseOrder {
  readonly plan: Plan;
  readonly phase: number;
  readonly target: string;
  readonly share: Share;
  /** ms since the epoch, the same for every worker. */
  readonly startAtMs: number;
}

export interface PhaseDoor {
  readonly sender: Sender;
  /** Aborted: the load stops at once, and what is under way is cut. */
  readonly signal: AbortSignal;
  onInterval(second: number, interval: Interval): void;
}

const PROBE_EVERY_MS = 10;

/**
 * Runs the phase and resolves when its last request is settled. After the phase's end no request is sent; those under way
 * may still be answered, for their own deadline at the longest.
 */
export async function runPhase(order: PhaseOrder, door: PhaseDoor): Promise<void> {
  const { plan, startAtMs } = order;
  const phase = plan.phases[order.phase];
  if (phase === undefined) throw new RangeError(`the plan has no phase ${order.phase}`);
  const clock = phaseClock(startAtMs);
  const recorder = new Recorder((second, interval) => door.onInterval(second, interval));
  const context: PhaseContext = { clock, recorder, sender: door.sender, over: false, poke: () => undefined };
  const { promise: drained, resolve } = Promise.withResolvers<void>();
  const loop = buildLoop(order, phase, context, () => {
    if (context.over && loop.idle) resolve();
  });
  await waitUntil(0, clock, door.signal);
  const stopProbe = probe(context);
  if (!door.signal.aborted) loop.start();
  await waitUntil(phase.durationUs, clock, door.signal);
  loop.stop(door.signal.aborted ? 'now' : 'when due');
  context.over = true;
  if (!door.signal.aborted) recorder.phaseEnded(phase.durationUs);
  for (const journey of loop.underWay) journey.stopWaiting();
  const abort = (): void => {
    for (const journey of loop.underWay) journey.abort();
  };
  if (door.signal.aborted) abort();
  else door.signal.addEventListener('abort', abort);
  if (!loop.idle) await drained;
  door.signal.removeEventListener('abort', abort);
  stopProbe();
  recorder.flush(clock());
}

function buildLoop(order: PhaseOrder, phase: Phase, context: PhaseContext, changed: () => void): OpenLoop | ClosedLoop {
  const { plan, share } = order;
  const seed = phaseSeed(plan, order.phase);
  const programs = compilePrograms(plan, new URL(order.target));
  const common = { share, programs, feeders: new Feeders(plan, share, seed) };
  const { segments, process, patienceUs } = phase;
  return phase.model === 'open'
    ? new OpenLoop(context, { ...common, plan: { segments, process, seed }, patienceUs }, changed)
    : new ClosedLoop(context, { ...common, segments, seed }, changed);
}

/** Resolves at `untilUs` of the phase, or when the signal is aborted. */
async function waitUntil(untilUs: number, clock: () => number, signal: AbortSignal): Promise<void> {
  // A timer may fire a fraction of a millisecond early, and what is due in that fraction must not be missed.
  for (let leftUs = untilUs - clock(); leftUs > 0 && !signal.aborted; leftUs = untilUs - clock()) {
    await delay(Math.ceil(leftUs / 1000), undefined, { signal }).catch(() => undefined);
  }
}

/** Tells the recorder how late timers fire and how much CPU this thread uses; returns what ends it. */
function probe({ clock, recorder }: PhaseContext): () => void {
  let expectedUs = clock() + PROBE_EVERY_MS * 1000;
  let cpu = process.threadCpuUsage();
  let cpuAtUs = clock();
  const timer = setInterval(() => {
    const nowUs = clock();
    recorder.eventLoopDelay(nowUs, nowUs - expectedUs);
    expectedUs = nowUs + PROBE_EVERY_MS * 1000;
    if (nowUs - cpuAtUs < 1e6) return;
    const used = process.threadCpuUsage(cpu);
    recorder.cpu(nowUs, used.user + used.system, nowUs - cpuAtUs);
    cpu = process.threadCpuUsage();
    cpuAtUs = nowUs;
  }, PROBE_EVERY_MS);
  return () => clearInterval(timer);
}
