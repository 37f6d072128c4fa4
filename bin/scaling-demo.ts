/** `npm run demo:scaling`: one scaling policy under real load on this machine, in compressed time, judged, and beside its simulation. */
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScalingPolicy } from '../lib/environment/scaling-policy.ts';
import { exitCodes } from '../lib/errors.ts';
import type { Summary } from '../lib/report/summary.ts';
import { counted, formatNumber, formatRatio } from '../lib/units.ts';
import { compareCourse, historyOfTicks, localModel, type LocalTick, serviceMsOf } from '../lib/scaling/local-course.ts';
import { boundsChanges } from '../lib/scaling/simulate/bounds.ts';
import { TICK_SECONDS } from '../lib/scaling/simulate/metric.ts';
import { ServiceScaler } from '../lib/scaling/simulate/scaler.ts';
import { simulate } from '../lib/scaling/simulate/simulate.ts';
import { durationSecondsOf, type Traffic } from '../lib/scaling/traffic/traffic.ts';
import { describeVerification } from '../lib/analysis/scaling/describe.ts';
import { verifyScaling } from '../lib/analysis/scaling/verify.ts';
import { policyAndEnvironment } from './commands/scaling-options.ts';
import { LocalFleet, type TaskKind } from './local/scaling/fleet.ts';
import { callerPath } from './paths.ts';
import { printMessage, printResult, reportError } from './terminal.ts';

const CLI = fileURLToPath(new URL('plimsoll.js', import.meta.url));
const SLOTS = 4;
/** From the decision until a task answers, and how long a request waits for a slot: in the time that is compressed. */
const START_UP_SECONDS = 60;
const PATIENCE_SECONDS = 10;
const UNPRICED = { onDemandTasks: 0, spotShare: 0, usdPerHour: undefined };
/** A Sunday morning, when no schedule of the shipped policies changes anything. */
const START_MS = Date.UTC(2026, 2, 1, 10);

/** A rise within three minutes to four times the load, half an hour of it, and an hour after. Minutes, and requests a second by what a task's target is. */
const SHAPE = [...Array<number>(5).fill(1), 2, 3, ...Array<number>(25).fill(4), 3, 2, ...Array<number>(33).fill(1)];

/** Of the target: between it, above which tasks come, and nine tenths of it, below which they go, so that no noise decides. */
const LEVEL = 0.95;

interface Demo {
  readonly policy: ScalingPolicy;
  readonly compress: number;
  readonly kind: TaskKind;
  readonly folder: string;
  /** A file for the course, so that it can be held against the simulator again. */
  readonly record: string | undefined;
}

const trafficFor = ({ requests }: ScalingPolicy): Traffic => ({
  name: 'a rise and a fall',
  timezone: 'UTC',
  startMs: START_MS,
  stepSeconds: 60,
  perSecond: SHAPE.map((times) => (LEVEL * times * requests.targetPerMinute) / 60),
});

/** Loads an address by a plan, as `plimsoll run` does. */
async function load(folder: string, target: string, phase: object): Promise<void> {
  const path = join(folder, 'plan.json');
  const scenarios = [{ name: 'one', steps: [{ get: '/' }] }];
  const phases = [{ name: 'load', kind: 'stress', ...phase }];
  await writeFile(path, JSON.stringify({ name: 'demo', target, timeout: '5s', scenarios, phases }));
  const child = spawn(process.execPath, [CLI, 'run', path, '--out', join(folder, 'run')], { stdio: 'ignore' });
  await once(child, 'exit');
}

const p99 = (timesMs: readonly number[]): number =>
  timesMs.toSorted((a, b) => a - b)[Math.floor(0.99 * timesMs.length)] ?? 0;

/** The controller: the same that the simulator has, fed with what the balancer saw. */
async function control({ policy, compress, kind }: Demo, fleet: LocalFleet, traffic: Traffic): Promise<LocalTick[]> {
  const seconds = durationSecondsOf(traffic);
  const scaler = new ServiceScaler(policy, boundsChanges(policy, traffic.startMs, seconds), fleet.running);
  const tickSeconds = TICK_SECONDS / compress;
  const limitMs = localModel(policy, { ...kind, compress }).limitUs / compress / 1000;
  const ticks: LocalTick[] = [];
  fleet.take();
  // Those that ran when a tick began count for it, as in the simulation.
  let { running } = fleet;
  for (const startedMs = performance.now(); ticks.length < seconds / TICK_SECONDS;) {
    await sleep(startedMs + (ticks.length + 1) * tickSeconds * 1000 - performance.now());
    const { requests, ok, failed, timesMs } = fleet.take();
    const perSecond = requests / tickSeconds;
    const cpuRatio = Math.min(1, (ok * kind.serviceMs) / 1000 / (tickSeconds * kind.slots * Math.max(1, running)));
    scaler.tick((ticks.length + 1) * TICK_SECONDS, {
      perSecond,
      cpuRatio,
      requestsPerMinute: (60 * perSecond) / Math.max(1, running),
    });
    fleet.scaleTo(scaler.desired);
    const missed = p99(timesMs) > limitMs || failed > 0.01 * requests;
    const { desired, least, cause } = scaler;
    ticks.push({ perSecond, running, desired, least, cause, missed });
    const ran = running;
    ({ running } = fleet);
    if (ticks.length % 3 === 0)
      printMessage(
        `minute ${String(ticks.length / 3).padStart(2)}  ${formatNumber(perSecond)}/s, CPU ${formatRatio(cpuRatio)}, p99 ${formatNumber(p99(timesMs))} ms: ${ran} of ${desired} tasks run${missed ? ', objective missed' : ''}`,
      );
  }
  return ticks;
}

/** Throughput of 1, 2 and 4 tasks under more users than they have slots, as a share of so many times one. */
async function efficiency({ kind, folder }: Demo): Promise<string[]> {
  const lines: string[] = [];
  let single = 0;
  for (const tasks of [1, 2, 4]) {
    await using fleet = new LocalFleet({ ...kind, startUpMs: 0, patienceMs: 60_000 });
    const target = await fleet.open();
    fleet.scaleTo(tasks);
    await fleet.settled();
    const loaded = load(folder, target, { duration: '5s', closed: { users: 3 * SLOTS * tasks } });
    while (fleet.take().requests === 0) await sleep(50);
    await sleep(1000);
    fleet.take();
    const fromMs = performance.now();
    await sleep(3000);
    const perSecond = fleet.take().ok / ((performance.now() - fromMs) / 1000);
    await loaded;
    single = tasks === 1 ? perSecond : single;
    const shares = fleet.served;
    const uneven = Math.max(...shares) / Math.min(...shares) - 1;
    lines.push(
      `  ${tasks} task${tasks === 1 ? ' ' : 's'}  ${formatNumber(perSecond)}/s, efficiency ${formatRatio(perSecond / (tasks * single))}, busiest task ${formatRatio(uneven)} above the idlest`,
    );
  }
  return lines;
}

interface Course {
  readonly ticks: readonly LocalTick[];
  /** Mean of the tasks that were added, from their start until their first healthy answer. */
  readonly startUpMs: number;
  /** Why the load was not what it should have been; empty where it was. */
  readonly voids: readonly string[];
}

/** Fewer are the generator's own look at whether the target is there. */
const FIRST_REQUESTS = 5;

/** As the simulator reads a traffic: straight lines from the middle of each minute to that of the next. */
function stagesOf({ perSecond }: Traffic, compress: number): object[] {
  const half = `${30_000 / compress}ms`;
  const between = perSecond.slice(1).map((to) => ({ duration: `${60_000 / compress}ms`, to }));
  return [{ duration: half, hold: perSecond[0] }, ...between, { duration: half, hold: perSecond.at(-1) }];
}

async function courseOf(demo: Demo, traffic: Traffic): Promise<Course> {
  const { policy, compress, kind, folder } = demo;
  await using fleet = new LocalFleet(kind);
  const target = await fleet.open();
  fleet.scaleTo(Math.max(policy.tasks.min, 1));
  await fleet.settled();
  const atFirst = fleet.startUpsMs.length;
  const loaded = load(folder, target, { open: { stages: stagesOf(traffic, compress) } });
  for (let seen = 0; seen < FIRST_REQUESTS; seen += fleet.take().requests) await sleep(10);
  const ticks = await control(demo, fleet, traffic);
  await loaded;
  const added = fleet.startUpsMs.slice(atFirst);
  const startUpMs = added.reduce((sum, each) => sum + each, 0) / Math.max(1, added.length);
  return { ticks, startUpMs, voids: await voidReasons(folder) };
}

async function voidReasons(folder: string): Promise<readonly string[]> {
  const summary = JSON.parse(await readFile(join(folder, 'run', 'summary.json'), 'utf8')) as Pick<Summary, 'phases'>;
  return summary.phases.flatMap(({ validity }) => validity.reasons);
}

async function demonstrate(demo: Demo): Promise<number> {
  const { policy, compress, kind, record } = demo;
  const traffic = trafficFor(policy);
  const { ticks, startUpMs, voids } = await courseOf(demo, traffic);
  const task = { serviceMs: kind.serviceMs, startUpMs, compress };
  const model = localModel(policy, task);
  const found = verifyScaling(historyOfTicks(ticks, traffic.startMs, policy, model));
  if (record !== undefined) await writeFile(record, `${JSON.stringify({ policy, task, traffic, ticks })}\n`);
  const simulated = simulate({ policy, model, host: UNPRICED, spot: { perTaskHour: 0, seed: 1 } }, traffic);
  const { withinOneRatio, furthestTasks, missedMinutes } = compareCourse(ticks, simulated);
  printResult(
    [
      `Scaling of real processes, ${formatNumber(compress)} times compressed:`,
      describeVerification(found),
      `A task answered ${formatNumber(startUpMs)} ms after it was started, which stands for ${formatNumber(model.startUpSeconds)} s.`,
      `Beside its simulation: within one task in ${formatRatio(withinOneRatio)} of the minutes, at the most ${furthestTasks} apart;`,
      `  objectives missed in ${counted(missedMinutes.measured, 'minute')}, ${missedMinutes.simulated} simulated.`,
      'From one task to four, with more users than slots:',
      ...(await efficiency(demo)),
      `Each task is a process with ${SLOTS} slots of ${formatNumber(kind.serviceMs)} ms: an artificial limit, since this machine's cores do not grow with the processes.`,
      ...voids.map((reason) => `VOID: ${reason}. This machine is too busy for the demonstration.`),
    ].join('\n'),
  );
  if (voids.length > 0) return exitCodes.void;
  return Object.values(found).some(({ verdict }) => verdict === 'fail') ? exitCodes.objectivesFailed : exitCodes.passed;
}

try {
  const { values } = parseArgs({
    options: {
      policy: { type: 'string', default: 'config/scaling/staging.yaml' },
      compress: { type: 'string', default: '30' },
      record: { type: 'string' },
    },
  });
  const { policy } = await policyAndEnvironment({ policy: values.policy });
  const compress = Math.min(60, Math.max(5, Number(values.compress) || 30));
  await using folder = await mkdtempDisposable(join(tmpdir(), 'plimsoll-scaling-'));
  const kind: TaskKind = {
    slots: SLOTS,
    serviceMs: serviceMsOf(policy, SLOTS),
    startUpMs: (START_UP_SECONDS * 1000) / compress,
    patienceMs: (PATIENCE_SECONDS * 1000) / compress,
  };
  process.exitCode = await demonstrate({
    policy,
    compress,
    kind,
    folder: folder.path,
    record: values.record && callerPath(values.record),
  });
} catch (error) {
  process.exitCode = reportError(error);
}
