import type { PlanInput } from '../../plan/schema.ts';
import type { Notes } from '../building/notes.ts';
import type { JmeterTexts } from './texts.ts';
import { spanOfMs } from './timers.ts';
import type { TestElement } from './tree.ts';

type Phase = NonNullable<PlanInput['phases']>[number];

/** What a thread group asks for, in seconds. */
export interface GroupLoad {
  readonly threads: number;
  readonly rampS: number;
  /** Undefined: as long as its loops take. */
  readonly durationS?: number;
  /** Undefined: for ever. */
  readonly loops?: number;
  /** Arrivals a second, of a group that is by arrivals. */
  readonly perSecond?: number;
}

export const THREAD_GROUPS: ReadonlySet<string> = new Set([
  'ThreadGroup',
  'SteppingThreadGroup',
  'UltimateThreadGroup',
  'ConcurrencyThreadGroup',
  'ArrivalsThreadGroup',
  'FreeFormArrivalsThreadGroup',
  'OpenModelThreadGroup',
]);

/** Reads the load of a thread group; of what has no number 1 is taken, and said. */
export function loadOf(group: TestElement, texts: JmeterTexts, notes: Notes): GroupLoad {
  const { kind, node, line } = group;
  const number = (name: string, standard: number): number => {
    const written = node.value(name);
    const value = texts.number(written);
    if (value === undefined && written.trim() !== '')
      notes.changed(line, `${name} is ${written.slice(0, 40)}, for which ${standard} is taken`);
    return Math.max(0, value ?? standard);
  };
  if (kind === 'ConcurrencyThreadGroup' || kind === 'ArrivalsThreadGroup') {
    const unit = node.value('Unit') === 'S' ? 1 : 60;
    const [level, rampS, holdS] = [number('TargetLevel', 1), number('RampUp', 0) * unit, number('Hold', 1) * unit];
    const base = { rampS, durationS: rampS + holdS };
    return kind === 'ArrivalsThreadGroup'
      ? { ...base, threads: level, perSecond: level / unit }
      : { ...base, threads: level };
  }
  if (kind === 'UltimateThreadGroup') return ultimateLoad(group, texts);
  const threads = number('ThreadGroup.num_threads', 1);
  if (kind === 'SteppingThreadGroup')
    return { threads, rampS: number('rampUp', 0), durationS: number('flighttime', 60) };
  const loops = loopsOf(group, texts);
  const rampS = number('ThreadGroup.ramp_time', 0);
  if (!node.isTrue('ThreadGroup.scheduler')) return { threads, rampS, ...(loops !== undefined && { loops }) };
  return { threads, rampS, durationS: number('ThreadGroup.duration', 60) };
}

function ultimateLoad({ node }: TestElement, texts: JmeterTexts): GroupLoad {
  const rows = node
    .items('ultimatethreadgroupdata')
    .map((row) => row.children.map(({ text }) => texts.number(text) ?? 0));
  const sum = rows.reduce((total, [threads = 0]) => total + threads, 0);
  const rampS = Math.max(0, ...rows.map(([, delay = 0, ramp = 0]) => delay + ramp));
  const durationS = Math.max(1, ...rows.map(([, delay = 0, ramp = 0, hold = 0]) => delay + ramp + hold));
  return { threads: sum, rampS, durationS };
}

function loopsOf({ node }: TestElement, texts: JmeterTexts): number | undefined {
  const controller = node.property('ThreadGroup.main_controller');
  const written = controller?.value('LoopController.loops') ?? '';
  const loops = texts.number(written) ?? 1;
  return loops < 0 || (written === '' && controller?.isTrue('LoopController.continue_forever') === true)
    ? undefined
    : loops;
}

/** Threads that go through their loops once are arrivals. */
export const endsByItself = ({ durationS, loops, perSecond }: GroupLoad): boolean =>
  durationS === undefined && loops !== undefined && perSecond === undefined;

/** Threads that go through their loops as long as they are given time. */
export const areUsers = (load: GroupLoad): boolean => !endsByItself(load) && load.perSecond === undefined;

/** The time that the journeys of the last arrivals have. */
const LAST_JOURNEYS_S = 10;

interface GroupLoads {
  readonly loads: readonly GroupLoad[];
  /** What a journey may pause altogether. */
  readonly thinkS: number;
  /** From a user's journey to its next. */
  readonly everyMs: number | undefined;
}

/** One phase for all groups, which JMeter runs side by side. */
export function phaseOf({ loads: groups, thinkS, everyMs }: GroupLoads, notes: Notes): Phase {
  const rampS = Math.max(0, ...groups.map((group) => group.rampS));
  const threads = groups.reduce((sum, group) => sum + group.threads, 0);
  if (new Set(groups.map((group) => `${group.rampS} ${group.durationS}`)).size > 1)
    notes.changed(undefined, 'thread groups of different times are one phase, as long as the longest');
  const base = { name: 'load', kind: 'sustained' as const };
  if (groups.every(endsByItself)) {
    const seconds = Math.max(1, Math.round(rampS));
    const rest = Math.ceil(thinkS + LAST_JOURNEYS_S);
    return {
      ...base,
      open: {
        stages: [
          { duration: `${seconds}s`, hold: rounded(Math.max(threads, 1) / seconds) },
          { duration: `${rest}s`, hold: 0 },
        ],
      },
    };
  }
  if (groups.some(({ durationS, loops }) => durationS === undefined && loops === undefined))
    notes.changed(undefined, 'threads that never end run for a minute');
  const lengthS = Math.max(rampS + 1, ...groups.map(({ durationS }) => durationS ?? rampS + 60));
  if (groups.every(({ perSecond }) => perSecond !== undefined)) {
    const rate = rounded(groups.reduce((sum, { perSecond = 0 }) => sum + perSecond, 0));
    return {
      ...base,
      open: shape(rampS, lengthS, rate, 'rate'),
      ...(rampS < 1 && { duration: `${Math.round(lengthS)}s` }),
    };
  }
  const users = Math.max(1, Math.round(threads));
  return {
    ...base,
    closed: { ...shape(rampS, lengthS, users, 'users'), ...(everyMs !== undefined && { pacing: spanOfMs(everyMs) }) },
    ...(rampS < 1 && { duration: `${Math.round(lengthS)}s` }),
  };
}

const rounded = (rate: number): number => Number(rate.toPrecision(6));

function shape(rampS: number, lengthS: number, level: number, key: 'rate' | 'users') {
  if (rampS < 1) return { [key]: level };
  const [up, rest] = [Math.round(rampS), Math.max(1, Math.round(lengthS - rampS))];
  return {
    stages: [
      { duration: `${up}s`, to: level },
      { duration: `${rest}s`, hold: level },
    ],
  };
}
