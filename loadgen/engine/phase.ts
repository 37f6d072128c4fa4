import { PerformanceObserver } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import type { Interval } from '../../lib/measure/interval.ts';
import { Recorder } from '../../lib/measure/recorder.ts';
import { journeyOf, phaseSeed, type Plan } from '../../lib/plan/plan.ts';
import type { Phase } from '../../lib/plan/phase.ts';
import { mayFollow, type AllowList } from '../../lib/run/safety.ts';
import type { Share } from '../../lib/schedule/arrivals.ts';
import { originsIn } from './address.ts';
import { phaseClock } from './clock.ts';
import { ClosedLoop } from './closed-loop.ts';
import { Feeders } from './feeders.ts';
import { failureLook } from './reply/failure-look.ts';
import type { PhaseContext } from './program.ts';
import type { Hooks } from '../hooks/port.ts';
import { OpenLoop } from './open-loop.ts';
import { Steering } from './steering.ts';
import { TimerQueue, type OneShotTimer } from './timer-queue.ts';
import { w3cTraces } from '../senders/traces.ts';
import { compilePrograms } from './program.ts';
import type { Sender } from '../senders/sender.ts';

// V8 learns from a phase's slow beginning that journeys live long, and from then on makes them where only its large collections clean up:
// a pause of 15 to 20 ms every few seconds at 26,000 arrivals a second, which start late by as much.
setFlagsFromString('--no-allocation-site-pretenuring');

/** One worker's part of one phase. */
export interface PhaseAssignment {
  readonly plan: Plan;
  readonly phase: Phase;
  /** Under which the phase was handed out, from 0. */
  readonly number: number;
  readonly target: string;
  /** Hosts that a captured address may lead to, beside those of the plan; none where it is not given. */
  readonly allowed?: AllowList;
  readonly share: Share;
  /** ms since the epoch, the same for every worker. */
  readonly startAtMs: number;
  /** Every request begins a trace, and says so in its `traceparent`. */
  readonly traced?: boolean;
}

export interface PhasePorts {
  readonly sender: Sender;
  readonly timer: OneShotTimer;
  /** Of a plan that has any. */
  readonly hooks?: Hooks | undefined;
  readonly judged?: PhaseContext['judged'];
  /** Aborted: the load stops at once, and what is under way is cut. */
  readonly signal: AbortSignal;
  onInterval(second: number, interval: Interval): void;
}

/**
 * Runs the phase and resolves when its last request is settled. After the phase's end no request is sent; those under way
 * may still be answered, for their own deadline at the longest.
 */
export async function runPhase(assignment: PhaseAssignment, ports: PhasePorts): Promise<void> {
  const { phase, startAtMs } = assignment;
  const clock = phaseClock(startAtMs);
  const recorder = new Recorder((second, interval) => ports.onInterval(second, interval));
  const context: PhaseContext = {
    clock,
    recorder,
    sender: ports.sender,
    timerQueue: new TimerQueue(clock, ports.timer),
    look: failureLook(assignment.plan, process.env),
    ...(ports.hooks !== undefined && { hooks: ports.hooks }),
    judged: ports.judged,
    over: false,
    ...(assignment.traced === true && { traces: w3cTraces() }),
  };
  const { promise: drained, resolve } = Promise.withResolvers<void>();
  const loop = buildLoop(assignment, context, () => {
    if (context.over && loop.idle) resolve();
  });
  await waitUntil(0, clock, ports.signal);
  const stopRecording = recordGeneratorResources(context);
  if (!ports.signal.aborted) loop.start();
  await waitUntil(phase.durationUs, clock, ports.signal);
  loop.stop(ports.signal.aborted ? 'now' : 'when due');
  context.over = true;
  if (!ports.signal.aborted) recorder.phaseEnded(phase.durationUs);
  for (const journey of loop.underWay) journey.stopWaiting();
  const abort = (): void => {
    for (const journey of loop.underWay) journey.abort();
  };
  if (ports.signal.aborted) abort();
  else ports.signal.addEventListener('abort', abort);
  if (!loop.idle) await drained;
  ports.signal.removeEventListener('abort', abort);
  context.timerQueue.close();
  stopRecording();
  recorder.flush(clock());
}

const NONE: AllowList = { hosts: [], production: [] };

function buildLoop(assignment: PhaseAssignment, context: PhaseContext, changed: () => void): OpenLoop | ClosedLoop {
  const { plan, phase, share } = assignment;
  const seed = phaseSeed(plan, assignment.number);
  const { target, allowed = NONE } = assignment;
  const written = originsIn(plan);
  const mayLoad = (url: URL): boolean => written.has(url.origin) || mayFollow(url, allowed);
  const programs = compilePrograms(plan, { target: new URL(target), mayLoad });
  const ownConnections = plan.connections === 'per-user';
  const common = { share, programs, ownConnections, feeders: new Feeders(plan, share, seed) };
  const { segments, process, patienceUs, paceUs, most = Number.POSITIVE_INFINITY } = phase;
  // Worker i of k has its share of them, and one at the least.
  const ownMost = Math.max(1, Math.floor(most / share.of) + (share.index < most % share.of ? 1 : 0));
  const scenarios = plan.scenarios.map((scenario) => ({ weight: scenario.weight, course: journeyOf(scenario) }));
  const steering = phase.counts === 'requests' && { steering: new Steering(segments, share, scenarios) };
  return phase.model === 'open'
    ? new OpenLoop(
        context,
        { ...common, ...steering, plan: { segments, process, seed }, patienceUs, most: ownMost },
        changed,
      )
    : new ClosedLoop(context, { ...common, ...(paceUs !== undefined && { paceUs }), segments, seed }, changed);
}

/** Resolves at `untilUs` of the phase, or when the signal is aborted. */
async function waitUntil(untilUs: number, clock: () => number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;
  // Never before it: timers fire up to 1 ms early, and an arrival due in that last millisecond would not be counted.
  const wait = (): void => {
    const leftUs = untilUs - clock();
    if (leftUs <= 0 || signal.aborted) resolve();
    else timer = setTimeout(wait, Math.ceil(leftUs / 1000));
  };
  signal.addEventListener('abort', wait, { once: true });
  wait();
  await promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', wait);
}

const EVERY_MS = 10;
const CPU_EVERY_US = 1e6;

/**
 * Records how the generator itself does: how late its timers fire, how much CPU its thread uses, and how long garbage collection
 * stopped it. Returns the function that ends the recording.
 */
function recordGeneratorResources({ clock, recorder }: PhaseContext): () => void {
  let expectedUs = clock() + EVERY_MS * 1000;
  let cpu = process.threadCpuUsage();
  let cpuAtUs = clock();
  const recordCpu = (nowUs: number): void => {
    const used = process.threadCpuUsage(cpu);
    recorder.cpu(nowUs, used.user + used.system, nowUs - cpuAtUs);
    cpu = process.threadCpuUsage();
    cpuAtUs = nowUs;
  };
  const timer = setInterval(() => {
    const nowUs = clock();
    recorder.eventLoopDelay(nowUs, nowUs - expectedUs);
    expectedUs = nowUs + EVERY_MS * 1000;
    if (nowUs - cpuAtUs >= CPU_EVERY_US) recordCpu(nowUs);
  }, EVERY_MS);
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) recorder.garbageCollection(clock(), duration * 1000);
  });
  collections.observe({ entryTypes: ['gc'] });
  return () => {
    clearInterval(timer);
    recordCpu(clock());
    collections.disconnect();
  };
}
